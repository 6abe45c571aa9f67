import { useSyncExternalStore } from 'react';

export type Connection = 'fine' | 'core_away' | 'database_away';

let current: Connection = 'fine';
const watchers = new Set<() => void>();

/** Called with what the last answer of the core, or its absence, told. */
export function noteConnection(next: Connection) {
  if (next === current) return;
  current = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useConnection(): Connection {
  return useSyncExternalStore(watch, () => current);
}
