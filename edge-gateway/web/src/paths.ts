/** Paths at the host. "" is the folder the login starts in. */

export function joined(folder: string, name: string): string {
  if (folder === '') return name;
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

export function parent(folder: string): string {
  if (folder === '' || /^(\.\.\/)*\.\.$/.test(folder)) return joined(folder, '..');
  if (folder === '/') return '/';
  const at = folder.lastIndexOf('/');
  return at < 0 ? '' : at === 0 ? '/' : folder.slice(0, at);
}

/** A name of a folder's entry that stays in the folder. */
export function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}
