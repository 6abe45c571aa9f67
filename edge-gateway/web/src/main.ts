/** Starts the page: takes the ticket out of the address, holds the tabs and the tools. */

import { button, element } from '../../../tools/web/dom.ts';
import { adoptStyles } from '../../../tools/web/styles.ts';
import type { Start, Wire } from './connection.ts';
import { Handover } from './handover.ts';
import {
  choose,
  type Formats,
  formatsOf,
  isLanguage,
  type Language,
  languageNames,
  languages,
  textsOf,
} from './i18n/index.ts';
import type { Texts } from './i18n/texts.ts';
import { keepForReload, takeKept, takeTicket } from './link.ts';
import { bells, keepSettings, largest, readSettings, type Settings, smallest, themes } from './settings.ts';
import { show } from './view/dialog.ts';
import { ExtraKeys } from './view/extra_keys.ts';
import { SettingsForm } from './view/settings_form.ts';
import { type Shortcut, shortcutOf, shortcuts } from './view/shortcuts.ts';
import { Tab, tabHead } from './view/tab.ts';

function dial(): Wire {
  const url = new URL('./ws', window.location.href);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  return new WebSocket(url, 'sallyport-session-v1');
}

class Page {
  readonly #tabs: Tab[] = [];
  readonly #world = {
    dial,
    now: () => Date.now(),
    later: (milliseconds: number, then: () => void) => void setTimeout(then, milliseconds),
  };
  readonly #heads = element('div', { class: 'tabs', role: 'tablist' });
  readonly #tools = element('div', { class: 'tools', role: 'toolbar' });
  readonly #word = element('p', { class: 'word', role: 'status' });
  readonly #find = element('form', { class: 'find', role: 'search', hidden: true });
  readonly #main = element('main');
  #keys: ExtraKeys;
  #settings: Settings = readSettings();
  #current: Tab | null = null;

  constructor() {
    adoptStyles();
    this.#keys = this.#makeKeys();
    document.body.replaceChildren(
      element('header', {}, element('h1', { class: 'unseen' }, 'Sallyport'), this.#heads, this.#tools),
      this.#find,
      this.#word,
      this.#main,
      this.#keys.place,
    );
    this.#heads.addEventListener('keydown', (event) => this.#walk(event));
    this.#dress();
    this.#watch();
  }

  get #t(): Texts {
    return textsOf(this.#language);
  }

  get #language(): Language {
    const { language } = this.#settings;
    return isLanguage(language) ? language : choose(navigator.languages, languages);
  }

  get #formats(): Formats {
    return formatsOf(this.#language, navigator.languages);
  }

  async begin(ticket: Start | null): Promise<void> {
    const handover = new Handover();
    const kept = takeKept();
    if (ticket !== null && kept.length === 0 && (await handover.offer(ticket))) {
      window.close(); // where the browser lets it
      return this.#say(this.#t.handedOver);
    }
    handover.receive(
      () => this.#tabs.some((tab) => !tab.connection.isOver),
      (start) => this.#open(start),
    );
    for (const start of kept) this.#open(start);
    if (ticket !== null) this.#open(ticket);
    if (this.#tabs.length === 0) this.#say(this.#t.noTicket);
  }

  /** The same window was sent to another ticket. */
  follow(): void {
    const ticket = takeTicket();
    if (ticket !== null) this.#open(ticket);
  }

  beat(): void {
    for (const tab of this.#tabs) tab.connection.beat();
  }

  #open(start: Start): void {
    this.#say('');
    const tab = new Tab(start, {
      texts: () => this.#t,
      formats: () => this.#formats,
      settings: () => this.#settings,
      world: this.#world,
      pressed: (event) => this.#pressed(event),
      held: (data) => this.#keys.apply(data),
      ring: () => this.#ring(),
      changed: () => this.#draw(),
    });
    this.#tabs.push(tab);
    this.#choose(tab);
  }

  #choose(tab: Tab): void {
    this.#current = tab;
    for (const each of this.#tabs) each.show(each === tab);
    this.#draw();
  }

  async #close(tab: Tab): Promise<void> {
    if (!tab.connection.isOver) return tab.end();
    const at = this.#tabs.indexOf(tab);
    this.#tabs.splice(at, 1);
    tab.close();
    const next = this.#tabs[Math.min(at, this.#tabs.length - 1)];
    if (next !== undefined) return this.#choose(next);
    this.#current = null;
    this.#draw();
    this.#say(this.#t.noTicket);
  }

  #draw(): void {
    const t = this.#t;
    const hadFocus = this.#heads.contains(document.activeElement);
    this.#heads.setAttribute('aria-label', t.sessions);
    this.#heads.hidden = this.#tabs.length === 0;
    this.#heads.replaceChildren(
      ...this.#tabs.map((tab) => tabHead(tab, tab === this.#current, () => this.#choose(tab))),
    );
    if (hadFocus === true) this.#heads.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
    document.title = this.#current === null ? t.title : this.#current.label;
    this.#drawTools();
  }

  #drawTools(): void {
    const t = this.#t;
    const tab = this.#current;
    const live = tab !== null && !tab.connection.isOver;
    const tool = (
      name: string,
      shortcut: Shortcut | null,
      press: () => void,
      more: Record<string, string | boolean> = {},
    ) => {
      const title = shortcut === null ? name : `${name} (${shortcuts[shortcut].keys})`;
      return button(name, press, { title, ...more });
    };
    const all = [
      tool(t.copy, 'copy', () => void this.#copy(), { disabled: tab === null || !tab.mayCopy }),
      tool(t.paste, 'paste', () => void this.#paste(), { disabled: !live || !tab.mayPaste }),
      tool(t.find, 'find', () => this.#do('find'), { disabled: tab === null }),
      tool(t.files, 'files', () => this.#do('files'), {
        disabled: !live || !tab.mayFiles,
        'aria-pressed': String(tab?.showsFiles === true),
      }),
      tool(t.settings, null, () => this.#askSettings()),
      tool(t.help, 'help', () => this.#help()),
      tool('×', null, () => void (tab !== null && this.#close(tab)), {
        disabled: tab === null,
        'aria-label': tab === null ? t.close : t.closeTab(tab.name),
        title: tab === null ? t.close : t.closeTab(tab.name),
      }),
      tool(t.end, null, () => void tab?.end(), { disabled: !live, class: 'danger' }),
    ];
    this.#tools.setAttribute('aria-label', t.tools);
    const focused = document.activeElement;
    const at = focused === null ? -1 : [...this.#tools.children].indexOf(focused);
    this.#tools.replaceChildren(...all);
    if (at >= 0) all[at]?.focus();
  }

  #makeKeys(): ExtraKeys {
    return new ExtraKeys(
      this.#t.extraKeys,
      (data) => {
        this.#current?.type(data);
        this.#current?.screen.terminal.focus();
      },
      () => this.#current?.screen.terminal.modes.applicationCursorKeysMode === true,
    );
  }

  #say(text: string): void {
    this.#word.textContent = text;
    this.#word.hidden = text === '';
  }

  #pressed(event: KeyboardEvent): boolean {
    const shortcut = shortcutOf(event);
    if (shortcut === null) return false;
    event.preventDefault();
    this.#do(shortcut);
    return true;
  }

  #do(shortcut: Shortcut): void {
    const tab = this.#current;
    switch (shortcut) {
      case 'copy':
        return void this.#copy();
      case 'paste':
        return void this.#paste();
      case 'find':
        return this.#showFind(this.#find.hidden !== false);
      case 'files':
        return tab?.toggleFiles();
      case 'help':
        return this.#help();
      case 'leave':
        return this.#tools.querySelector<HTMLElement>('button:enabled')?.focus();
      case 'next':
      case 'previous':
        return this.#step(shortcut === 'next' ? 1 : -1);
      case 'larger':
      case 'smaller':
        return this.#resize(shortcut === 'larger' ? 1 : -1);
    }
  }

  #step(by: number): void {
    if (this.#current === null) return;
    const at = this.#tabs.indexOf(this.#current) + by + this.#tabs.length;
    const next = this.#tabs[at % this.#tabs.length];
    if (next !== undefined) this.#choose(next);
  }

  #walk(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    this.#step(event.key === 'ArrowRight' ? 1 : -1);
    this.#heads.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }

  #resize(by: number): void {
    const fontSize = Math.min(largest, Math.max(smallest, this.#settings.fontSize + by));
    this.#settle({ ...this.#settings, fontSize });
  }

  async #copy(): Promise<void> {
    const tab = this.#current;
    if (tab === null || !tab.mayCopy) return this.#say(this.#t.notAllowed);
    const text = tab.screen.terminal.getSelection();
    if (text === '') return this.#say(this.#t.nothingSelected);
    await navigator.clipboard.writeText(text);
    this.#say(this.#t.copied);
    tab.screen.terminal.focus();
  }

  async #paste(): Promise<void> {
    const tab = this.#current;
    if (tab === null || !tab.mayPaste) return this.#say(this.#t.notAllowed);
    let text: string;
    try {
      text = await navigator.clipboard.readText();
    } catch {
      tab.screen.terminal.focus();
      return this.#say(this.#t.noClipboard('Ctrl+V'));
    }
    this.#say('');
    await tab.screen.paste(text);
  }

  #showFind(visible: boolean): void {
    const t = this.#t;
    this.#find.hidden = !visible;
    if (!visible) return this.#current?.screen.terminal.focus();
    const input = element('input', { type: 'search', 'aria-label': t.find });
    const look = (forward: boolean) => {
      const found = this.#current?.screen.find(input.value, forward) === true;
      this.#say(found || input.value === '' ? '' : t.notFound);
    };
    this.#find.replaceChildren(
      input,
      button(t.previous, () => look(false)),
      button(t.next, () => look(true)),
      button(t.close, () => this.#showFind(false)),
    );
    this.#find.onsubmit = (event) => {
      event.preventDefault();
      look(true);
    };
    this.#find.onkeydown = (event) => {
      if (event.key === 'Escape') this.#showFind(false);
    };
    input.focus();
  }

  #help(): void {
    const t = this.#t;
    const words: Readonly<Record<Shortcut, string>> = {
      copy: t.keyCopy,
      paste: t.paste,
      find: t.find,
      files: t.files,
      previous: t.keyTabs,
      next: t.keyTabs,
      larger: t.keySize,
      smaller: t.keySize,
      leave: t.keyLeave,
      help: t.help,
    };
    const rows = Object.entries(shortcuts).map(([name, { keys }]) => {
      const word = Object.entries(words).find(([each]) => each === name)?.[1] ?? '';
      return element('div', {}, element('dt', {}, element('kbd', {}, keys)), element('dd', {}, word));
    });
    show(t.help, t.close, element('dl', { class: 'help' }, ...rows));
  }

  #askSettings(): void {
    const form = new SettingsForm(this.#t, this.#settings, {
      themes,
      bells,
      names: languageNames,
      language: this.#language,
    });
    form.onchange = (settings) => this.#settle(settings);
    show(this.#t.settings, this.#t.close, form.place);
  }

  #settle(settings: Settings): void {
    this.#settings = settings;
    keepSettings(settings);
    this.#dress();
  }

  #dress(): void {
    const root = document.documentElement;
    root.lang = this.#language;
    root.dataset['theme'] = this.#settings.theme;
    this.#keys.place.setAttribute('aria-label', this.#t.extraKeys);
    for (const tab of this.#tabs) tab.dress();
    this.#draw();
  }

  #ring(): void {
    if (this.#settings.bell === 'none') return;
    if (this.#settings.bell === 'sound') return beep();
    this.#main.classList.remove('bell');
    void this.#main.offsetWidth; // starts the animation again
    this.#main.classList.add('bell');
  }

  #watch(): void {
    setInterval(() => {
      for (const tab of this.#tabs) tab.tick(Date.now());
    }, 1000);
    window.addEventListener('hashchange', () => this.follow());
    window.addEventListener('online', () => {
      for (const tab of this.#tabs) tab.connection.reconnect();
    });
    window.addEventListener('offline', () => {
      for (const tab of this.#tabs) tab.connection.reconnect();
    });
    window.addEventListener('pagehide', () => {
      keepForReload(this.#tabs.flatMap((tab) => tab.connection.kept ?? []));
    });
    document.addEventListener('keydown', (event) => {
      const inTerminal = event.target instanceof HTMLElement && event.target.closest('.xterm') !== null;
      if (!inTerminal && document.querySelector('dialog[open]') === null) this.#pressed(event);
    });
    for (const name of ['dragover', 'drop'] as const)
      window.addEventListener(name, (event) => event.preventDefault()); // never leaves the page for a file
  }
}

let sound: AudioContext | null = null;
let rangAt = 0;

/** Short, and at most five a second. */
function beep(): void {
  sound ??= new AudioContext();
  if (sound.currentTime - rangAt < 0.2 && rangAt > 0) return;
  rangAt = sound.currentTime;
  const tone = new OscillatorNode(sound, { frequency: 660 });
  const volume = new GainNode(sound, { gain: 0.08 });
  tone.connect(volume).connect(sound.destination);
  tone.start();
  tone.stop(rangAt + 0.09);
}

function startBeat(beat: () => void): void {
  const address = new URL(BEAT_WORKER, import.meta.url).href;
  const policy = window.trustedTypes?.createPolicy('sallyport', { createScriptURL: () => address });
  const worker = new Worker(policy?.createScriptURL(address) ?? address);
  worker.onmessage = beat;
}

const ticket = takeTicket();
const page = new Page();
startBeat(() => page.beat());
void page.begin(ticket);
