/** What a screen reader should say without the focus moving: rarely, and one thing at a time. */

let region: HTMLElement | null = null;

export function placeAnnouncer(into: HTMLElement): void {
  region = document.createElement('div');
  region.className = 'unseen';
  region.setAttribute('aria-live', 'polite');
  into.append(region);
}

export function announce(text: string): void {
  if (region !== null) region.textContent = text;
}
