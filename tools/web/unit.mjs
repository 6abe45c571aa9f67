// Bundles a page's unit tests into a temporary folder and runs them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Gives the exit status; `tests` is the folder's URL, `esbuild` the page's own. */
export async function runUnitTests(esbuild, tests) {
  const here = fileURLToPath(tests);
  const out = mkdtempSync(join(tmpdir(), 'page-unit-'));
  await esbuild.build({
    entryPoints: readdirSync(here).map((name) => join(here, name)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: out,
    outExtension: { '.js': '.mjs' },
    define: { REPOSITORY: JSON.stringify(fileURLToPath(new URL('../../', import.meta.url))) },
    logLevel: 'warning',
  });
  const bundled = readdirSync(out).map((name) => join(out, name));
  const { status } = spawnSync(process.execPath, ['--test', ...bundled], { stdio: 'inherit' });
  rmSync(out, { recursive: true });
  return status ?? 1;
}
