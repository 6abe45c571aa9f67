/** Where a sign-in leads: a path of this site, never an address that a link brought in from outside. */
export function ownPath(from: string | undefined): string {
  return from?.startsWith('/') && !from.startsWith('//') && !from.includes('\\') ? from : '/messages';
}
