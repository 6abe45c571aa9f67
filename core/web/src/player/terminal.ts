/** A terminal that only shows. Nothing is typed into it, and nothing that a recording says leaves it. */
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import { adoptStyles } from '../../../../tools/web/styles';
import { dark } from '../../../../tools/web/terminal_colours';
import type { Size } from './cast';
import type { Screen } from './playback';

// The width of a sign over the size of its letters, in the usual fonts for terminals.
const signWidth = 0.605;
const smallestLetters = 6;
const largestLetters = 16;

let adopted = false;

/** The size of letters with which so many columns adjust. */
export function lettersFor(columns: number, width: number): number {
  const fitting = Math.floor((width / columns / signWidth) * 2) / 2;
  return Math.min(largestLetters, Math.max(smallestLetters, fitting));
}

/** Opens a terminal in `place`, as wide as it is; `close` takes it away. */
export function openTerminal(place: HTMLElement): Screen & { close: () => void } {
  if (!adopted) adoptStyles();
  adopted = true;
  const terminal = new Terminal({
    allowProposedApi: true, // unicode widths
    logLevel: 'off', // a host decides what would stand in the log
    disableStdin: true,
    scrollback: 1_000,
    minimumContrastRatio: 4.5,
    cursorBlink: false,
    fontFamily: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
    theme: dark,
    // A host's links lead nowhere from here.
    linkHandler: { activate: () => {}, allowNonHttpProtocols: false },
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.open(place);
  // Keys are for the player, and who tabs through the page does not stop here.
  if (terminal.textarea) terminal.textarea.tabIndex = -1;
  terminal.attachCustomKeyEventHandler(() => false);

  function adjust() {
    const letters = lettersFor(terminal.cols, place.clientWidth);
    if (letters !== terminal.options.fontSize) terminal.options.fontSize = letters;
  }
  function resize(size: Size) {
    terminal.resize(size.columns, size.rows);
    adjust();
  }
  const watcher = new ResizeObserver(adjust);
  watcher.observe(place);
  return {
    reset(size) {
      terminal.reset();
      resize(size);
    },
    resize,
    write: (output) => terminal.write(output),
    close() {
      watcher.disconnect();
      terminal.dispose();
    },
  };
}
