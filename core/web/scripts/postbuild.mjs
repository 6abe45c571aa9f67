// After `vite build`: integrity data for every script, compressed copies, and the list from which the core serves.
//   node scripts/postbuild.mjs dist
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { licences } from './licences.mjs';

const dist = path.resolve(process.argv[2] ?? 'dist');
const listName = 'assets.json';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const worthCompressing = new Set(['.html', '.js', '.css', '.svg', '.txt']);
const smallestToCompress = 512;

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesIn(file) : [file];
  });
}

function urlOf(file) {
  return `/${path.relative(dist, file).split(path.sep).join('/')}`;
}

function integrityOf(content) {
  return `sha384-${createHash('sha384').update(content).digest('base64')}`;
}

/** The integrity of each script and style sheet, by its address. */
function integrities(files) {
  const coded = files.filter((file) => /\.(js|css)$/.test(file));
  return Object.fromEntries(coded.map((file) => [urlOf(file), integrityOf(readFileSync(file))]));
}

/** Puts `integrity` on the tags of the page. */
function withIntegrity(html, integrity) {
  return html.replaceAll(
    /<(script|link)([^>]*?) (src|href)="([^"]+)"/g,
    (tag, name, before, attribute, url) => {
      const hash = integrity[url];
      return hash ? `<${name}${before} integrity="${hash}" ${attribute}="${url}"` : tag;
    },
  );
}

/** The import map that says which bytes each lazily loaded script must have. */
function importMap(integrity) {
  const scripts = Object.entries(integrity).filter(([url]) => url.endsWith('.js'));
  return JSON.stringify({ integrity: Object.fromEntries(scripts.sort()) });
}

function compressed(file, content) {
  if (!worthCompressing.has(path.extname(file)) || content.length < smallestToCompress) return {};
  const brotli = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  const gzip = gzipSync(content, { level: 9 });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzip);
  return { br: brotli.length, gz: gzip.length };
}

function described(file) {
  const content = readFileSync(file);
  const type = types[path.extname(file)];
  if (!type) throw new Error(`no media type for ${file}: add it to scripts/postbuild.mjs`);
  const hashed = urlOf(file).startsWith('/assets/');
  return {
    type,
    size: content.length,
    etag: createHash('sha256').update(content).digest('base64url').slice(0, 22),
    cache: hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...compressed(file, content),
  };
}

writeFileSync(path.join(dist, 'licences.txt'), licences(path.dirname(dist)));
const files = filesIn(dist).filter((file) => path.basename(file) !== listName && !/\.(br|gz)$/.test(file));
const page = path.join(dist, 'index.html');
const integrity = integrities(files);
const map = importMap(integrity);
const html = withIntegrity(readFileSync(page, 'utf8'), integrity);
writeFileSync(page, html.replace('<head>', `<head>\n    <script type="importmap">${map}</script>`));

const list = {
  csp: { 'script-hashes': [`sha256-${createHash('sha256').update(map).digest('base64')}`] },
  files: Object.fromEntries(files.sort().map((file) => [urlOf(file), described(file)])),
};
writeFileSync(path.join(dist, listName), `${JSON.stringify(list, null, 1)}\n`);

const total = Object.values(list.files).reduce((sum, file) => sum + (file.br ?? file.size), 0);
process.stdout.write(`${files.length} files, ${Math.round(total / 1024)} KiB to send at most\n`);
