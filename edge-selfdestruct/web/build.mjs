// Builds the page: node build.mjs FOLDER
// FOLDER/m.html and FOLDER/assets/* are what a browser gets; FOLDER/assets.cpp is the same, to be compiled in.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

const out = process.argv[2] ?? 'dist';
const forever = 'public, max-age=31536000, immutable';
const never = 'no-store';
const javascript = 'text/javascript; charset=utf-8';

const sha = (data, algorithm, encoding) => createHash(algorithm).update(data).digest(encoding);

/** A file under /assets/, named by its content. */
function hashed(name, extension, type, data) {
  const raw = Buffer.from(data);
  return {
    path: `/assets/${name}-${sha(raw, 'sha256', 'hex').slice(0, 12)}.${extension}`,
    type,
    cache: forever,
    raw,
    integrity: `sha384-${sha(raw, 'sha384', 'base64')}`,
  };
}

async function bundle(entry, options) {
  const built = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    target: ['es2022'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  });
  return built.outputFiles[0].contents;
}

function fill(template, values) {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`page.html: nothing for {{${name}}}`);
    return values[name];
  });
}

async function build() {
  const worker = hashed('argon2', 'js', javascript, await bundle('src/argon2_worker.ts', { format: 'iife' }));
  const define = { ARGON2_WORKER: JSON.stringify(worker.path.replace('/assets/', './')) };
  const app = hashed('app', 'js', javascript, await bundle('src/main.ts', { format: 'esm', define }));
  const style = hashed('style', 'css', 'text/css; charset=utf-8', await bundle('src/page.css', {}));
  const icon = hashed('icon', 'svg', 'image/svg+xml', readFileSync('src/icon.svg'));
  const html = fill(readFileSync('src/page.html', 'utf8'), {
    script: `..${app.path}`,
    script_integrity: app.integrity,
    style: `..${style.path}`,
    style_integrity: style.integrity,
    icon: `..${icon.path}`,
  });
  const page = { path: '/m/', type: 'text/html; charset=utf-8', cache: never, raw: Buffer.from(html) };
  return [page, app, style, icon, worker];
}

const smaller = (packed, raw) => (packed.length < raw.length ? packed : Buffer.alloc(0));

function compressed(asset) {
  const { raw } = asset;
  const etag = `W/"${sha(raw, 'sha256', 'hex').slice(0, 24)}"`;
  return {
    ...asset,
    etag,
    br: smaller(brotliCompressSync(raw), raw),
    gz: smaller(gzipSync(raw, { level: 9 }), raw),
  };
}

function policy() {
  return readFileSync('csp.txt', 'utf8').trim().split('\n').join('; ');
}

const text = (value) => JSON.stringify(value);
const octal = (byte) => `\\${byte.toString(8).padStart(3, '0')}`;
const literal = (bytes) => `std::string_view{"${Array.from(bytes, octal).join('')}", ${bytes.length}}`;

function cpp(assets) {
  const rows = assets.map(
    (a) =>
      `    {${text(a.path)}, ${text(a.type)}, ${text(a.etag)}, ${text(a.cache)},\n` +
      `     ${literal(a.raw)},\n     ${literal(a.br)},\n     ${literal(a.gz)}},\n`,
  );
  return `// Made by build.mjs.
#include "edge-selfdestruct/web/assets.h"

namespace sp::edge_web {
namespace {
constexpr Asset all[] = {
${rows.join('')}};
}  // namespace

std::span<const Asset> assets() { return all; }

std::string_view content_security_policy() { return ${text(policy())}; }

}  // namespace sp::edge_web
`;
}

function write(assets) {
  rmSync(join(out, 'assets'), { recursive: true, force: true });
  mkdirSync(join(out, 'assets'), { recursive: true });
  for (const asset of assets)
    writeFileSync(join(out, asset.path === '/m/' ? 'm.html' : asset.path), asset.raw);
  writeFileSync(join(out, 'csp'), policy());
  writeFileSync(join(out, 'assets.cpp'), cpp(assets));
  const list = assets.map((a) => ({
    path: a.path,
    sha256: sha(a.raw, 'sha256', 'hex'),
    raw: a.raw.length,
    br: a.br.length,
    gz: a.gz.length,
  }));
  writeFileSync(join(out, 'files.json'), `${JSON.stringify(list, null, 2)}\n`);
}

write((await build()).map(compressed));
