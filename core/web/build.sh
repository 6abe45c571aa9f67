#!/bin/sh
# Builds the site into dist/, and does nothing when nothing changed. Needs node 20.19 or newer, and npm.
set -eu
cd "$(dirname "$0")"

stamp=node_modules/.sallyport
lock=$(sha256sum package-lock.json .npmrc | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$lock" ]; then
  npm ci --ignore-scripts --no-fund --no-audit
  echo "$lock" > "$stamp"
fi

built=dist/assets.json
if [ -f "$built" ] && [ -z "$(find src public scripts dev ./*.json ./*.ts index.html build.sh .npmrc ../../tools/web/styles.ts ../../tools/web/terminal_colours.ts -newer "$built" -print -quit 2>/dev/null)" ]; then
  exit 0
fi
npm run --silent build
