/** The terminal itself: xterm with its addons, the guard, copy and paste. */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import { type Bytes, utf8 } from '../bytes.ts';
import type { Size } from '../connection.ts';
import { cleanPaste, cleanTitle, guard, needsQuestion, webAddress } from '../guard.ts';
import { colours, type Settings } from '../settings.ts';

export interface Hands {
  typed(data: Bytes): void;
  resized(size: Size): void;
  titled(title: string): void;
  rang(): void;
  /** Keys of the page; true when it took one. */
  pressed(event: KeyboardEvent): boolean;
  confirmPaste(text: string): Promise<boolean>;
  confirmLink(address: string): Promise<boolean>;
  mayPaste(): boolean;
  mayCopy(): boolean;
}

function latin1(data: string): Bytes {
  return Uint8Array.from(data, (each) => each.charCodeAt(0) & 255);
}

/** Software WebGL is slower than the DOM, so it is used where a graphics card answers. */
function hasGraphicsCard(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl !== null && gl !== undefined && !/swiftshader|llvmpipe|software/i.test(renderer);
}

export class Screen {
  readonly terminal: Terminal;
  readonly place: HTMLElement;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #hands: Hands;
  #opened = false;

  constructor(place: HTMLElement, settings: Settings, hands: Hands) {
    this.place = place;
    this.#hands = hands;
    this.terminal = new Terminal({
      allowProposedApi: true, // unicode widths
      logLevel: 'off', // a host decides what would stand in the log
      scrollback: 10_000,
      minimumContrastRatio: 4.5,
      fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
      cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
      macOptionClickForcesSelection: true,
      rightClickSelectsWord: false,
      linkHandler: { activate: (_, address) => this.#follow(address), allowNonHttpProtocols: false },
    });
    this.terminal.loadAddon(this.#fit);
    this.terminal.loadAddon(this.#search);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.loadAddon(new WebLinksAddon((_, address) => this.#follow(address)));
    this.terminal.unicode.activeVersion = '11';
    guard(this.terminal);
    this.dress(settings);
    this.#listen();
  }

  /** To be called when its place is visible; more than once does no harm. */
  open(): void {
    if (!this.#opened) {
      this.#opened = true;
      this.terminal.open(this.place);
      this.#speedUp();
    }
    this.fit();
    this.terminal.focus();
  }

  fit(): void {
    if (this.place.clientWidth > 0 && this.place.clientHeight > 0) this.#fit.fit();
  }

  get size(): Size {
    const { cols, rows } = this.terminal;
    return { columns: Math.min(cols, 1000), rows: Math.min(rows, 1000) };
  }

  dress(settings: Settings): void {
    const { options } = this.terminal;
    options.theme = colours[settings.theme];
    options.fontSize = settings.fontSize;
    options.minimumContrastRatio = settings.theme === 'contrast' ? 7 : 4.5;
    options.screenReaderMode = settings.reader;
    this.fit();
  }

  find(text: string, forward: boolean): boolean {
    return forward ? this.#search.findNext(text) : this.#search.findPrevious(text);
  }

  /** Pastes after a question where it has many lines. */
  async paste(text: string): Promise<void> {
    const clean = cleanPaste(text);
    if (clean === '' || !this.#hands.mayPaste()) return;
    const sure = !needsQuestion(clean) || (await this.#hands.confirmPaste(clean));
    if (sure) this.terminal.paste(clean);
    this.terminal.focus();
  }

  close(): void {
    this.terminal.dispose();
    this.place.remove();
  }

  #listen(): void {
    const { terminal } = this;
    terminal.onData((data) => this.#hands.typed(utf8(data)));
    terminal.onBinary((data) => this.#hands.typed(latin1(data)));
    terminal.onResize(() => this.#hands.resized(this.size));
    terminal.onTitleChange((title) => this.#hands.titled(cleanTitle(title)));
    terminal.onBell(() => this.#hands.rang());
    terminal.attachCustomKeyEventHandler((event) => event.type !== 'keydown' || !this.#hands.pressed(event));
    this.place.addEventListener('paste', (event) => this.#pasted(event), true);
    this.place.addEventListener('copy', (event) => this.#copied(event), true);
    new ResizeObserver(() => this.fit()).observe(this.place);
  }

  #pasted(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    void this.paste(event.clipboardData?.getData('text/plain') ?? '');
  }

  #copied(event: ClipboardEvent): void {
    if (this.#hands.mayCopy()) return;
    event.preventDefault();
    event.stopPropagation();
  }

  async #follow(written: string): Promise<void> {
    const address = webAddress(written);
    if (address !== null && (await this.#hands.confirmLink(address)))
      window.open(address, '_blank', 'noopener,noreferrer');
  }

  /** A lost graphics context falls back to the DOM renderer. */
  #speedUp(): void {
    if (!hasGraphicsCard()) return;
    try {
      const webgl = new WebglAddon();
      webgl.onContextLoss(() => webgl.dispose());
      this.terminal.loadAddon(webgl);
    } catch {
      // The DOM renderer stays.
    }
  }
}
