// Builds the terminal page: node build.mjs FOLDER
import { readFileSync } from 'node:fs';
import * as esbuild from 'esbuild';
import { bundle, fill, hashed, javascript, never, write } from '../../tools/web/page.mjs';

async function build() {
  const worker = hashed('beat', 'js', javascript, await bundle(esbuild, 'src/beat.ts', { format: 'iife' }));
  const define = { BEAT_WORKER: JSON.stringify(worker.path.replace('/assets/', './')) };
  const app = hashed(
    'app',
    'js',
    javascript,
    await bundle(esbuild, 'src/main.ts', { format: 'esm', define }),
  );
  const style = hashed('style', 'css', 'text/css; charset=utf-8', await bundle(esbuild, 'src/page.css', {}));
  const icon = hashed('icon', 'svg', 'image/svg+xml', readFileSync('src/icon.svg'));
  const html = fill(readFileSync('src/page.html', 'utf8'), {
    script: `.${app.path}`,
    script_integrity: app.integrity,
    style: `.${style.path}`,
    style_integrity: style.integrity,
    icon: `.${icon.path}`,
  });
  const page = { path: '/s', type: 'text/html; charset=utf-8', cache: never, raw: Buffer.from(html) };
  return [page, app, style, icon, worker];
}

write(await build(), {
  out: process.argv[2] ?? 'dist',
  file: 's.html',
  header: 'edge-gateway/web/assets.h',
  namespace: 'edge_gateway::web',
});
