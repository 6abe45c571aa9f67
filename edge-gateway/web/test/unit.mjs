// Bundles the unit tests into a temporary folder and runs them: node test/unit.mjs
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const here = fileURLToPath(new URL('unit/', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'terminal-unit-'));
const entryPoints = readdirSync(here).map((name) => join(here, name));

await esbuild.build({
  entryPoints,
  bundle: true,
  platform: 'node',
  format: 'esm',
  outdir: out,
  outExtension: { '.js': '.mjs' },
  define: { REPOSITORY: JSON.stringify(fileURLToPath(new URL('../../../', import.meta.url))) },
  logLevel: 'warning',
});
const tests = readdirSync(out).map((name) => join(out, name));
const { status } = spawnSync(process.execPath, ['--test', ...tests], { stdio: 'inherit' });
rmSync(out, { recursive: true });
process.exit(status ?? 1);
