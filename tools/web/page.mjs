// What the builds of the edges' pages share. A page's own build.mjs calls it from the page's folder.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const forever = 'public, max-age=31536000, immutable';
export const never = 'no-store';
export const javascript = 'text/javascript; charset=utf-8';

const sha = (data, algorithm, encoding) => createHash(algorithm).update(data).digest(encoding);

/** A file under /assets/, named by its content. */
export function hashed(name, extension, type, data) {
  const raw = Buffer.from(data);
  return {
    path: `/assets/${name}-${sha(raw, 'sha256', 'hex').slice(0, 12)}.${extension}`,
    type,
    cache: forever,
    raw,
    integrity: `sha384-${sha(raw, 'sha384', 'base64')}`,
  };
}

/** One file from an entry, by the page's own esbuild. */
export async function bundle(esbuild, entry, options) {
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

export function fill(template, values) {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`page.html: nothing for {{${name}}}`);
    return values[name];
  });
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

function cpp(assets, { header, namespace }) {
  const rows = assets.map(
    (a) =>
      `    {${text(a.path)}, ${text(a.type)}, ${text(a.etag)}, ${text(a.cache)},\n` +
      `     ${literal(a.raw)},\n     ${literal(a.br)},\n     ${literal(a.gz)}},\n`,
  );
  return `// Made by build.mjs.
// Both compilers take strings of any length; the standard asks for 65,536 bytes.
#pragma GCC diagnostic ignored "-Woverlength-strings"
#include "${header}"

namespace sp::${namespace} {
namespace {
constexpr http::Asset all[] = {
${rows.join('')}};
}  // namespace

std::span<const http::Asset> assets() { return all; }

std::string_view content_security_policy() { return ${text(policy())}; }

}  // namespace sp::${namespace}
`;
}

/**
 * Writes `out`/assets/*, the page as `out`/`file`, and all of it as `out`/assets.cpp, to be compiled in.
 * The first asset is the page; `header` and `namespace` are those of its assets.h.
 */
export function write(files, { out, file, header, namespace }) {
  const assets = files.map(compressed);
  rmSync(join(out, 'assets'), { recursive: true, force: true });
  mkdirSync(join(out, 'assets'), { recursive: true });
  for (const [at, asset] of assets.entries()) writeFileSync(join(out, at === 0 ? file : asset.path), asset.raw);
  writeFileSync(join(out, 'csp'), policy());
  writeFileSync(join(out, 'assets.cpp'), cpp(assets, { header, namespace }));
  const list = assets.map((a) => ({
    path: a.path,
    sha256: sha(a.raw, 'sha256', 'hex'),
    raw: a.raw.length,
    br: a.br.length,
    gz: a.gz.length,
  }));
  writeFileSync(join(out, 'files.json'), `${JSON.stringify(list, null, 2)}\n`);
}
