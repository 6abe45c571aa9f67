/** What this tab remembers until it is closed; in memory alone where the browser keeps no site data. */

const memory = new Map<string, string>();

function storage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null; // blocked by the reader's settings
  }
}

export function recall(name: string): string | null {
  return memory.get(name) ?? storage()?.getItem(name) ?? null;
}

export function remember(name: string, value: string): void {
  try {
    const kept = storage();
    if (kept === null) memory.set(name, value);
    else kept.setItem(name, value);
  } catch {
    memory.set(name, value); // full
  }
}

export function erase(name: string): void {
  memory.delete(name);
  storage()?.removeItem(name);
}
