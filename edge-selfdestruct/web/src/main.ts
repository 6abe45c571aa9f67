/** Starts the page: reads the link, shows one screen at a time, follows the language. */

import type { Child } from '../../../tools/web/dom.ts';
import * as api from './api.ts';
import { type Branding, decodeBranding, plain } from './branding.ts';
import { choose, formatsOf, type Language, offered, textsOf } from './i18n/index.ts';
import { hasEnded, nameIn, readLink, rememberLink } from './link.ts';
import { Recipient, type Screen } from './recipient.ts';
import { recall, remember } from './session.ts';
import { announce, placeAnnouncer } from './view/announcer.ts';
import { withdrawAddresses } from './view/attachments.ts';
import { messageView } from './view/message.ts';
import { endingView, failedView, updateWorking, workingView } from './view/plain.ts';
import { noticeText, passphraseInput, readyView } from './view/ready.ts';
import { makeShell } from './view/shell.ts';

type Current = Screen | { readonly kind: 'incomplete' } | { readonly kind: 'unsupported' };

const languageKey = 'sallyport language';

class Page {
  readonly #shell = makeShell((language) => this.#speak(language));
  readonly #input = passphraseInput();
  #branding: Branding = plain;
  #language: Language;
  #screen: Current = { kind: 'working', step: { kind: 'starting' } };
  #recipient: Recipient | null = null;

  constructor() {
    this.#language = this.#wanted();
    placeAnnouncer(document.body);
    this.#dress();
    this.#draw();
  }

  async brand(): Promise<void> {
    this.#branding = decodeBranding(await api.branding());
    const language = this.#wanted();
    const changed = language !== this.#language;
    this.#language = language;
    this.#dress();
    if (changed) this.#draw();
  }

  /** Reads the link once and takes it out of the address and the history. */
  open(): void {
    if (!window.isSecureContext || crypto.subtle === undefined) return this.#show({ kind: 'unsupported' });
    const link = readLink(location.pathname, location.hash);
    const isCut = location.hash !== '' || !hasEnded(location.pathname);
    if (location.hash !== '') history.replaceState(null, '', location.pathname);
    this.#recipient?.leave();
    this.#recipient = null;
    if (link === null)
      return this.#show(isCut ? { kind: 'incomplete' } : { kind: 'ended', ending: { kind: 'gone' } });
    rememberLink(link);
    this.#recipient = new Recipient(link, (screen) => this.#show(screen));
    void this.#recipient.look();
  }

  leave(): void {
    this.#recipient?.leave();
    this.#input.value = '';
    withdrawAddresses();
    this.#shell.page.replaceChildren();
  }

  #wanted(): Language {
    const chosen = recall(languageKey);
    const wanted = chosen === null ? navigator.languages : [chosen, ...navigator.languages];
    return choose(wanted, offered(this.#branding.languages));
  }

  #speak(language: Language): void {
    remember(languageKey, language);
    this.#language = language;
    this.#dress();
    this.#draw();
  }

  #dress(): void {
    this.#shell.dress(this.#branding, offered(this.#branding.languages), this.#language);
  }

  #show(screen: Current): void {
    const before = this.#screen;
    this.#screen = screen;
    if (screen.kind === 'working' && before.kind === 'working') {
      return updateWorking(this.#shell.page, textsOf(this.#language), screen.step);
    }
    this.#draw();
    this.#focus();
  }

  #draw(): void {
    withdrawAddresses();
    const children = this.#view(this.#screen).filter((child) => child !== null);
    this.#shell.page.replaceChildren(...children);
    document.title = `${this.#shell.page.querySelector('h1')?.textContent ?? textsOf(this.#language).title}`;
  }

  /** The field that needs another try, else the heading of the new screen. */
  #focus(): void {
    const screen = this.#screen;
    if (screen.kind === 'ready' && screen.ready.notice !== null) {
      announce(noticeText(textsOf(this.#language), screen.ready.notice));
      if (screen.ready.status.passphrase !== null) {
        this.#input.focus();
        return this.#input.select();
      }
    }
    this.#shell.page.querySelector('h1')?.focus();
  }

  #view(screen: Current): Child[] {
    const texts = textsOf(this.#language);
    const formats = formatsOf(this.#language, navigator.languages);
    switch (screen.kind) {
      case 'working':
        return workingView(texts, screen.step);
      case 'ready':
        return readyView(texts, formats, screen.ready, this.#input, () => void this.#reveal());
      case 'message':
        this.#input.value = '';
        return messageView(texts, formats, screen.shown, {
          saved: () => void this.#recipient?.saved(),
          destroy: () => void this.#recipient?.destroy(),
          clear: () => this.#recipient?.clear(),
        });
      case 'ended':
        return endingView(texts, formats, screen.ending, () => this.open());
      case 'unreachable':
        return failedView(
          texts.noConnection,
          noticeText(texts, screen.notice),
          this.#retry(() => this.open()),
        );
      case 'interrupted':
        return this.#interrupted(screen.until);
      case 'damaged':
        return failedView(texts.damagedTitle, texts.damaged, null);
      case 'incomplete':
        return failedView(texts.incompleteTitle, texts.incomplete, null);
      case 'unsupported':
        return failedView(texts.unsupportedTitle, texts.unsupported, null);
      default:
        return screen satisfies never;
    }
  }

  #reveal(): Promise<void> | undefined {
    return this.#recipient?.reveal(this.#input.value);
  }

  #retry(press: () => void): { label: string; press: () => void } {
    return { label: textsOf(this.#language).tryAgain, press };
  }

  #interrupted(until: number | null): Child[] {
    const texts = textsOf(this.#language);
    const again = () => void this.#recipient?.fetch();
    if (until === null)
      return failedView(
        texts.interrupted,
        texts.interruptedLost,
        this.#retry(() => this.open()),
      );
    const sentence = texts.interruptedGrace(formatsOf(this.#language, navigator.languages).clock(until));
    return failedView(texts.interrupted, sentence, this.#retry(again));
  }
}

const page = new Page();
page.open();
void page.brand();
addEventListener('hashchange', () => {
  if (nameIn(location.pathname) !== null && location.hash !== '') page.open();
});
addEventListener('pagehide', () => page.leave());
addEventListener('pageshow', (event) => {
  if (event.persisted) page.open();
});
