// The licences of what is in the bundle, as one text: everything that package-lock.json does not mark as development.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

function licenceFile(folder) {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  return name && path.join(folder, name);
}

function described(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = licenceFile(folder);
  const words = file ? readFileSync(file, 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${words}\n`;
}

/** The text for `licences.txt`. */
export function licences(root) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const bundled = Object.entries(lock.packages)
    .filter(
      ([folder, entry]) =>
        folder !== '' && !entry.dev && !entry.optional && existsSync(path.join(root, folder)),
    )
    .map(([folder]) => described(path.join(root, folder)));
  return `The site contains the following packages.\n\n${bundled.join(`\n${'-'.repeat(72)}\n\n`)}`;
}
