/** Files: to be downloaded, and previewed where nothing in them can come alive. */

import { button, type Child, element } from '../../../../tools/web/dom.ts';
import type { Attachment } from '../content.ts';
import { type Preview, previewOf, safeName } from '../files.ts';
import type { Formats } from '../i18n/index.ts';
import type { Texts } from '../i18n/texts.ts';

/** Addresses of our own making; they keep the file in memory until they are withdrawn. */
const addresses = new Set<string>();

function addressOf(data: Blob): string {
  const address = URL.createObjectURL(data);
  addresses.add(address);
  return address;
}

export function withdrawAddresses(): void {
  for (const address of addresses) URL.revokeObjectURL(address);
  addresses.clear();
}

function download(file: Attachment): void {
  const inert = file.data.slice(0, file.size, 'application/octet-stream');
  element('a', { href: addressOf(inert), download: safeName(file.name) }).click();
}

function shown(preview: Preview, name: string): HTMLElement {
  switch (preview.kind) {
    case 'picture':
      return element('img', { src: addressOf(preview.data), alt: name });
    case 'text':
      return element('pre', { tabindex: '0', role: 'group', 'aria-label': name }, preview.text);
    default:
      return preview satisfies never;
  }
}

function previewButton(texts: Texts, preview: Preview, name: string, place: HTMLElement): HTMLButtonElement {
  let open = false;
  const made = button(texts.preview, () => {
    open = !open;
    place.replaceChildren(...(open ? [shown(preview, name)] : []));
    made.textContent = open ? texts.closePreview : texts.preview;
    made.setAttribute('aria-expanded', String(open));
    made.setAttribute('aria-label', `${made.textContent}: ${name}`);
  });
  made.setAttribute('aria-expanded', 'false');
  made.setAttribute('aria-label', `${texts.preview}: ${name}`);
  return made;
}

function row(texts: Texts, formats: Formats, file: Attachment): HTMLElement {
  const name = safeName(file.name);
  const place = element('div', { class: 'preview' });
  const get = button(texts.download, () => download(file), { 'aria-label': `${texts.download}: ${name}` });
  const actions = element('div', { class: 'actions' }, get);
  previewOf(file).then((preview) => {
    if (preview !== null) actions.prepend(previewButton(texts, preview, name, place));
  });
  const label = element(
    'div',
    { class: 'name' },
    name,
    ' ',
    element('span', { class: 'hint' }, formats.bytes(file.size)),
  );
  return element('li', {}, label, actions, place);
}

export function attachmentsView(texts: Texts, formats: Formats, files: readonly Attachment[]): Child {
  if (files.length === 0) return null;
  const rows = files.map((file) => row(texts, formats, file));
  return element('div', {}, element('h2', {}, texts.files), element('ul', { class: 'files' }, ...rows));
}
