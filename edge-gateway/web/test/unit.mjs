// Bundles the unit tests into a temporary folder and runs them: node test/unit.mjs
import * as esbuild from 'esbuild';
import { runUnitTests } from '../../../tools/web/unit.mjs';

process.exit(await runUnitTests(esbuild, new URL('unit/', import.meta.url)));
