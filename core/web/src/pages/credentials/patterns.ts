/** `*` stands for any signs, `?` for one, whatever the case: the same rule as at the core, for the preview alone. */
function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('').map((sign) => {
    if (sign === '*') return '.*';
    return sign === '?' ? '.' : sign.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'is').test(name);
}

/** Whether a credential for `hosts`, but not for `except`, is for the host of this name. */
export function isFor(hosts: readonly string[], except: readonly string[], name: string): boolean {
  return hosts.some((pattern) => fits(pattern, name)) && !except.some((pattern) => fits(pattern, name));
}
