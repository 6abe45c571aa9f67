import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const storageKey = 'sallyport-theme';
const watchers = new Set<() => void>();

function stored(): Theme {
  const value = localStorage.getItem(storageKey);
  return themes.find((theme) => theme === value) ?? 'system';
}

let current: Theme = stored();

function apply(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Called before the first paint, so that a chosen theme does not flash the other one. */
export function applyStoredTheme() {
  apply(current);
}

/** The choice is kept in this browser; it is the one thing that we store there. */
export function chooseTheme(theme: Theme) {
  current = theme;
  localStorage.setItem(storageKey, theme);
  apply(theme);
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useTheme(): Theme {
  return useSyncExternalStore(watch, () => current);
}
