/** One session on the page: its tab, its banner, its screen and its files. */

import { button, element } from '../../../../tools/web/dom.ts';
import type { Bytes } from '../bytes.ts';
import { Connection, type Listener, type Over, type Start, type World } from '../connection.ts';
import { type Formats, minutes } from '../i18n/index.ts';
import type { Texts } from '../i18n/texts.ts';
import type { Settings } from '../settings.ts';
import { Transfers } from '../transfers.ts';
import type { Ready, Way } from '../wire.ts';
import { ask } from './dialog.ts';
import { endText } from './ends.ts';
import { Files } from './files.ts';
import { Screen } from './screen.ts';

export interface Around {
  readonly texts: () => Texts;
  readonly formats: () => Formats;
  readonly settings: () => Settings;
  readonly world: World;
  readonly pressed: (event: KeyboardEvent) => boolean;
  readonly held: (data: Bytes) => Bytes;
  readonly ring: () => void;
  readonly changed: () => void;
}

let numbers = 0;

export class Tab {
  readonly id = ++numbers;
  readonly place: HTMLElement;
  readonly screen: Screen;
  readonly connection: Connection;
  readonly transfers: Transfers;
  readonly #around: Around;
  readonly #facts = element('p', { class: 'facts' });
  readonly #status = element('p', { class: 'status', role: 'status' });
  readonly #body = element('div', { class: 'body' });
  #ready: Ready | null = null;
  #files: Files | null = null;
  readonly #wasReloaded: boolean;
  #title = '';
  #watcher: string | null = null;
  #endsAt: number | null = null;
  #lostUntil: number | null = null;
  #warning: { text: (time: string) => string; at: number } | null = null;

  constructor(start: Start, around: Around) {
    this.#around = around;
    this.#wasReloaded = start.kind === 'resume';
    const holder = element('div', { class: 'screen' });
    this.#body.append(holder);
    this.place = element(
      'section',
      { id: `session-${this.id}`, role: 'tabpanel', 'aria-labelledby': `tab-${this.id}`, class: 'session' },
      element('div', { class: 'banner' }, this.#facts, this.#status),
      this.#body,
    );
    document.querySelector('main')?.append(this.place);
    this.screen = this.#makeScreen(holder);
    this.screen.open();
    this.#say(this.#t.connecting);
    this.connection = new Connection(start, this.screen.size, this.#listener(), around.world);
    this.transfers = new Transfers({
      send: (message) => this.connection.isReady && this.connection.send(message),
      upload: (frame) => this.connection.upload(frame),
    });
  }

  get #t(): Texts {
    return this.#around.texts();
  }

  get name(): string {
    return this.#ready?.title ?? this.#t.title;
  }

  get label(): string {
    return this.#title === '' ? this.name : `${this.name} – ${this.#title}`;
  }

  get mayPaste(): boolean {
    return this.#ready?.rights.input === true && this.#ready.rights.paste;
  }

  get mayCopy(): boolean {
    return this.#ready === null || this.#ready.rights.copy;
  }

  get mayFiles(): boolean {
    return this.#ready !== null && (this.#ready.rights.upload || this.#ready.rights.download);
  }

  get showsFiles(): boolean {
    return this.#files !== null && !this.#files.place.hidden;
  }

  type(data: Bytes): void {
    if (this.#ready?.rights.input !== true) return;
    if (this.connection.type(this.#around.held(data)) && this.#warning?.text === this.#t.warnIdle)
      this.#calm();
  }

  toggleFiles(): void {
    if (!this.mayFiles || this.#ready === null) return;
    if (this.#files === null) {
      this.#files = new Files(this.#t, this.#around.formats(), this.transfers, this.#ready.rights);
      this.#body.append(this.#files.place);
    } else this.#files.place.hidden = !this.#files.place.hidden;
    this.screen.fit();
    this.#around.changed();
    if (this.showsFiles) this.#files.place.querySelector('button')?.focus();
    else this.screen.terminal.focus();
  }

  show(visible: boolean): void {
    this.place.hidden = !visible;
    if (visible) this.screen.open();
  }

  /** Once a second: what counts down. */
  tick(now: number): void {
    if (this.#lostUntil !== null) this.#say(this.#t.lost(minutes(this.#lostUntil - now)));
    else if (this.#warning !== null) this.#say(this.#warning.text(minutes(this.#warning.at - now)));
    this.#tellFacts(now);
  }

  async end(): Promise<void> {
    const t = this.#t;
    const question = { title: t.endQuestion(this.name), hint: t.endHint, yes: t.end, no: t.cancel };
    if (!this.connection.isOver && (await ask(question))) this.connection.send({ type: 'end' });
    this.screen.terminal.focus();
  }

  /** In the words of another language, or in other colours. */
  dress(): void {
    this.screen.dress(this.#around.settings());
    this.screen.terminal.textarea?.setAttribute('aria-label', this.#t.screen(this.name));
    this.tick(this.#around.world.now());
  }

  close(): void {
    this.screen.close();
    this.place.remove();
  }

  #makeScreen(holder: HTMLElement): Screen {
    const t = () => this.#t;
    return new Screen(holder, this.#around.settings(), {
      typed: (data) => this.type(data),
      resized: (size) => this.connection?.resize(size),
      titled: (title) => {
        this.#title = title;
        this.#around.changed();
      },
      rang: () => this.#around.ring(),
      pressed: (event) => this.#around.pressed(event),
      mayPaste: () => this.mayPaste,
      mayCopy: () => this.mayCopy,
      confirmPaste: (text) =>
        ask({
          title: t().pasteQuestion(String(text.replace(/\n$/, '').split('\n').length)),
          hint: t().pasteHint,
          body: element('pre', { tabindex: '0' }, text),
          yes: t().paste,
          no: t().cancel,
        }),
      confirmLink: (address) =>
        ask({
          title: t().linkQuestion,
          hint: t().linkHint,
          body: element('pre', { tabindex: '0' }, address),
          yes: t().open,
          no: t().cancel,
        }),
    });
  }

  #listener(): Listener {
    return {
      output: (data, shown) => this.screen.terminal.write(data, shown),
      download: (request, data) => this.transfers.received(request, data),
      answered: (answer) => this.transfers.answered(answer),
      lost: (until) => this.#lost(until),
      over: (over) => this.#over(over),
      told: (message) => {
        switch (message.type) {
          case 'state':
            return this.#say(this.#wayText(message.state));
          case 'ready':
            return this.#arrived(message);
          case 'watched':
            this.#watcher = message.by;
            return this.tick(this.#around.world.now());
          case 'warning':
            return this.#warn(message.code, message.left_ms);
          case 'ended':
            return this.#over(message);
        }
      },
    };
  }

  #wayText(way: Way): string {
    switch (way) {
      case 'dialling':
        return this.#t.dialling;
      case 'host_key':
        return this.#t.hostKey;
      case 'login':
        return this.#t.login;
    }
  }

  #arrived(ready: Ready): void {
    const isBack = this.#lostUntil !== null;
    const isFirst = this.#ready === null;
    this.#ready = ready;
    this.#lostUntil = null;
    this.#warning = null;
    this.#endsAt = ready.left_ms > 0 ? this.#around.world.now() + ready.left_ms : null;
    if (isBack && !isFirst) this.#say(this.#t.back);
    else if (isFirst) this.#say(this.#wasReloaded ? this.#t.reloaded : '');
    this.connection.resize(this.screen.size);
    this.dress();
    this.#around.changed();
  }

  #warn(code: 'idle' | 'limit' | 'disk', left: number): void {
    const t = this.#t;
    const text = code === 'idle' ? t.warnIdle : code === 'limit' ? t.warnLimit : t.warnDisk;
    this.#warning = { text, at: this.#around.world.now() + left };
    this.#status.className = 'status warning';
    this.tick(this.#around.world.now());
    this.#around.ring();
  }

  #calm(): void {
    this.#warning = null;
    this.#say('');
  }

  #lost(until: number): void {
    this.#lostUntil = until;
    this.transfers.lost();
    this.#status.className = 'status warning';
    this.tick(this.#around.world.now());
  }

  #over(over: Over): void {
    this.#lostUntil = this.#warning = this.#endsAt = null;
    this.transfers?.lost();
    this.#say(`${this.#t.ended}: ${endText(this.#t, over)}`);
    this.#status.className = 'status over';
    this.screen.terminal.options.disableStdin = true;
    this.screen.terminal.options.cursorBlink = false;
    this.#tellFacts(this.#around.world.now());
    this.#around.changed();
  }

  #say(text: string): void {
    if (this.#status.textContent === text) return;
    this.#status.textContent = text;
    if (this.#warning === null && this.#lostUntil === null) this.#status.className = 'status';
  }

  #tellFacts(now: number): void {
    const [t, ready] = [this.#t, this.#ready];
    if (ready === null) return;
    const facts = [ready.title, ready.user];
    facts.push(!ready.recorded ? t.notRecorded : ready.records_input ? t.recordedInput : t.recorded);
    if (!ready.rights.input) facts.push(t.readOnly);
    if (this.#endsAt !== null) facts.push(t.timeLeft(minutes(this.#endsAt - now)));
    if (this.#watcher !== null) facts.push(t.watchedBy(this.#watcher));
    const written = facts.map((fact) => element('span', {}, fact));
    written[2]?.classList.toggle('recorded', ready.recorded);
    if (this.#facts.textContent !== facts.join('')) this.#facts.replaceChildren(...written);
  }
}

/** The button of a tab. */
export function tabHead(tab: Tab, selected: boolean, choose: () => void): HTMLElement {
  return button(tab.label, choose, {
    role: 'tab',
    id: `tab-${tab.id}`,
    'aria-selected': String(selected),
    'aria-controls': `session-${tab.id}`,
    tabindex: selected ? '0' : '-1',
    class: tab.connection.isOver ? 'gone' : '',
  });
}
