/** The panel of the host's files: a folder, what may be done with it, and what is under way. */

import { button, element } from '../../../../tools/web/dom.ts';
import type { Formats } from '../i18n/index.ts';
import type { Texts } from '../i18n/texts.ts';
import { isName, joined, parent } from '../paths.ts';
import { Received, type Result, type Transfers } from '../transfers.ts';
import type { Entry, Failure, Rights } from '../wire.ts';
import { ask, askName } from './dialog.ts';

function failureText(t: Texts, code: Failure | 'lost'): string {
  switch (code) {
    case 'not_found':
      return t.failNotFound;
    case 'forbidden':
      return t.failForbidden;
    case 'exists':
      return t.failExists;
    case 'too_large':
      return t.failTooLarge;
    case 'cancelled':
      return t.failCancelled;
    case 'changed':
      return t.failChanged;
    case 'unavailable':
    case 'lost':
      return t.failUnavailable;
  }
}

function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Folders first, then by name as the reader's language sorts. */
export function sorted(entries: readonly Entry[]): readonly Entry[] {
  const rank = (entry: Entry) => (entry.kind === 'folder' ? 0 : 1);
  return entries
    .filter((entry) => isName(entry.name))
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, undefined, { numeric: true }));
}

interface Row {
  readonly box: HTMLElement;
  readonly bar: HTMLProgressElement;
  readonly word: HTMLElement;
  readonly act: HTMLButtonElement;
}

export class Files {
  readonly place: HTMLElement;
  readonly #t: Texts;
  readonly #formats: Formats;
  readonly #transfers: Transfers;
  readonly #rights: Rights;
  readonly #path = element('p', { class: 'path' });
  readonly #list = element('tbody');
  readonly #empty = element('p', { class: 'hint', hidden: true });
  readonly #word = element('p', { class: 'notice', role: 'status' });
  readonly #under = element('ul', { class: 'transfers' });
  readonly #pick = element('input', { type: 'file', multiple: true, hidden: true });
  #folder = '';

  constructor(t: Texts, formats: Formats, transfers: Transfers, rights: Rights) {
    this.#t = t;
    this.#formats = formats;
    this.#transfers = transfers;
    this.#rights = rights;
    this.#empty.textContent = t.emptyFolder;
    this.#pick.addEventListener('change', () => this.#upload([...(this.#pick.files ?? [])]));
    this.place = element('section', { class: 'files', 'aria-label': t.files }, ...this.#parts());
    this.#takeDrops();
    void this.#show('');
  }

  #parts(): readonly Node[] {
    const t = this.#t;
    const writes = this.#rights.upload;
    const tools = element(
      'div',
      { class: 'row' },
      button(`↑ ${t.up}`, () => void this.#show(parent(this.#folder))),
    );
    if (writes) {
      tools.append(
        button(t.upload, () => this.#pick.click()),
        this.#pick,
      );
      tools.append(button(t.newFolder, () => void this.#make()));
    }
    const head = [t.name, t.size, t.changed].map((word) => element('th', { scope: 'col' }, word));
    head.push(element('th', { scope: 'col' }, element('span', { class: 'unseen' }, t.tools)));
    const table = element('table', {}, element('thead', {}, element('tr', {}, ...head)), this.#list);
    const hint = writes ? [element('p', { class: 'hint' }, t.dropHere)] : [];
    const scroll = element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': t.files },
      table,
      this.#empty,
    );
    return [tools, this.#path, this.#word, scroll, ...hint, this.#under];
  }

  #takeDrops(): void {
    const { place } = this;
    place.addEventListener('dragover', (event) => {
      event.preventDefault();
      if (this.#rights.upload) place.classList.add('over');
    });
    place.addEventListener('dragleave', () => place.classList.remove('over'));
    place.addEventListener('drop', (event) => {
      event.preventDefault();
      place.classList.remove('over');
      if (this.#rights.upload) this.#upload([...(event.dataTransfer?.files ?? [])]);
    });
  }

  async #show(folder: string): Promise<void> {
    const result = await this.#transfers.list(folder);
    if (!result.ok) return this.#say(failureText(this.#t, result.code));
    this.#folder = folder;
    this.#path.textContent = folder === '' ? '~' : folder;
    const entries = sorted(result.value);
    this.#list.replaceChildren(...entries.map((entry) => this.#row(entry)));
    this.#empty.hidden = entries.length > 0;
  }

  #row(entry: Entry): HTMLElement {
    const isFolder = entry.kind === 'folder';
    const path = joined(this.#folder, entry.name);
    const open =
      isFolder || entry.kind === 'link'
        ? () => void this.#show(path)
        : () => void this.#download(path, entry);
    const usable = isFolder || entry.kind === 'link' || (entry.kind === 'file' && this.#rights.download);
    const mark = isFolder ? '▸ ' : '';
    const name = usable
      ? button(mark + entry.name, open, { class: 'plain', title: isFolder ? this.#t.open : this.#t.download })
      : element('span', {}, entry.name);
    const act = element('td', { class: 'acts' });
    if (entry.kind === 'link' && this.#rights.download)
      act.append(this.#sign('⇩', this.#t.download, entry, () => void this.#download(path, entry)));
    if (this.#rights.upload) {
      act.append(this.#sign('✎', this.#t.rename, entry, () => void this.#rename(entry)));
      act.append(this.#sign('✕', this.#t.remove, entry, () => void this.#remove(entry)));
    }
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', {}, entry.kind === 'file' ? this.#formats.bytes(entry.size) : ''),
      element('td', {}, this.#formats.short(entry.changed_at)),
      act,
    );
  }

  #sign(sign: string, word: string, entry: Entry, press: () => void): HTMLElement {
    return button(sign, press, { 'aria-label': `${word}: ${entry.name}`, title: word });
  }

  #say(text: string): void {
    this.#word.textContent = text;
  }

  async #after(work: Promise<Result<number>>): Promise<void> {
    const result = await work;
    this.#say(result.ok ? '' : failureText(this.#t, result.code));
    await this.#show(this.#folder);
  }

  async #make(): Promise<void> {
    const t = this.#t;
    const name = await askName(t.newFolder, t.name, '', t.newFolder, t.cancel);
    if (name !== null && isName(name)) await this.#after(this.#transfers.make(joined(this.#folder, name)));
  }

  async #rename(entry: Entry): Promise<void> {
    const t = this.#t;
    const name = await askName(t.rename, t.name, entry.name, t.rename, t.cancel);
    if (name === null || !isName(name) || name === entry.name) return;
    await this.#after(this.#transfers.rename(joined(this.#folder, entry.name), joined(this.#folder, name)));
  }

  async #remove(entry: Entry): Promise<void> {
    const t = this.#t;
    const question = { title: t.removeQuestion(entry.name), hint: t.removeHint, yes: t.remove, no: t.cancel };
    if (await ask(question)) await this.#after(this.#transfers.remove(joined(this.#folder, entry.name)));
  }

  #track(name: string): Row {
    const row = {
      bar: element('progress', { max: '1', value: '0', 'aria-label': name }),
      word: element('span', { role: 'status' }, name),
      act: button(this.#t.cancel, () => {}),
    };
    const box = element('li', {}, row.word, row.bar, row.act);
    this.#under.prepend(box);
    return { ...row, box };
  }

  /** Runs `work` with a row that shows it, can stop it, and can go on with it where it was cut. */
  async #run(
    name: string,
    work: (row: Row, stop: AbortSignal) => Promise<Result<unknown>>,
    row = this.#track(name),
  ) {
    const t = this.#t;
    const stop = new AbortController();
    row.word.textContent = name;
    row.act.textContent = t.cancel;
    row.act.onclick = () => stop.abort();
    const result = await work(row, stop.signal);
    if (!result.ok && result.code === 'lost') {
      row.word.textContent = t.interrupted(name);
      row.act.textContent = t.goOn;
      row.act.onclick = () => void this.#run(name, work, row);
      return;
    }
    row.word.textContent = result.ok ? t.transferred(name) : `${name}: ${failureText(t, result.code)}`;
    row.bar.hidden = !result.ok;
    if (result.ok) row.bar.value = 1;
    row.act.textContent = t.close;
    row.act.onclick = () => row.box.remove();
  }

  async #download(path: string, entry: Entry): Promise<void> {
    const got = new Received();
    await this.#run(entry.name, async (row, stop) => {
      const result = await this.#transfers.get(
        path,
        got,
        (sofar, of) => this.#progress(row, sofar, of),
        stop,
      );
      if (result.ok) save(entry.name, got.whole());
      return result;
    });
  }

  #progress(row: Row, sofar: number, of: number): void {
    row.bar.value = of === 0 ? 1 : sofar / of;
  }

  #upload(files: readonly File[]): void {
    this.#pick.value = '';
    const folder = this.#folder;
    for (const file of files) void this.#uploadOne(folder, file);
  }

  async #uploadOne(folder: string, file: File): Promise<void> {
    const path = joined(folder, file.name);
    let cut = false;
    await this.#run(file.name, async (row, stop) => {
      const progress = (sofar: number, of: number) => this.#progress(row, sofar, of);
      const offset = cut ? await this.#halfOf(folder, file) : 0;
      cut = true;
      const first = await this.#transfers.put(path, file, offset, false, progress, stop);
      if (first.ok || first.code !== 'exists') return first;
      const t = this.#t;
      const question = {
        title: t.replaceQuestion(file.name),
        hint: t.replaceHint,
        yes: t.replace,
        no: t.cancel,
      };
      return (await ask(question)) ? this.#transfers.put(path, file, offset, true, progress, stop) : first;
    });
    if (folder === this.#folder) await this.#show(folder);
  }

  /** How much of it an upload that was cut left at the host. */
  async #halfOf(folder: string, file: File): Promise<number> {
    const list = await this.#transfers.list(folder);
    const half = list.ok ? list.value.find((entry) => entry.name === `${file.name}.part`) : undefined;
    return half === undefined ? 0 : Math.min(half.size, file.size);
  }
}
