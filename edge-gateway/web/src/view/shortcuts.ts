/** The page's own keys; all others belong to the host. */
export const shortcuts = {
  copy: { keys: 'Ctrl+Shift+C', code: 'KeyC', alt: false },
  paste: { keys: 'Ctrl+Shift+V', code: 'KeyV', alt: false },
  find: { keys: 'Alt+Shift+F', code: 'KeyF', alt: true },
  files: { keys: 'Alt+Shift+S', code: 'KeyS', alt: true },
  previous: { keys: 'Alt+Shift+←', code: 'ArrowLeft', alt: true },
  next: { keys: 'Alt+Shift+→', code: 'ArrowRight', alt: true },
  larger: { keys: 'Alt+Shift+↑', code: 'ArrowUp', alt: true },
  smaller: { keys: 'Alt+Shift+↓', code: 'ArrowDown', alt: true },
  leave: { keys: 'Alt+Shift+M', code: 'KeyM', alt: true },
  help: { keys: 'Alt+Shift+H', code: 'KeyH', alt: true },
} as const;

export type Shortcut = keyof typeof shortcuts;

const names = [
  'copy',
  'paste',
  'find',
  'files',
  'previous',
  'next',
  'larger',
  'smaller',
  'leave',
  'help',
] as const satisfies readonly Shortcut[];

export function shortcutOf(
  event: Pick<KeyboardEvent, 'code' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>,
): Shortcut | null {
  if (!event.shiftKey || event.metaKey || event.altKey === event.ctrlKey) return null;
  return (
    names.find((name) => shortcuts[name].code === event.code && shortcuts[name].alt === event.altKey) ?? null
  );
}
