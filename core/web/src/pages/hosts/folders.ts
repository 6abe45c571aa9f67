export type Folder = {
  path: string;
  name: string;
  /** Hosts in it and below. */
  hosts: number;
  folders: Folder[];
};

type Counted = { folder: string; hosts: number };

function child(folders: Folder[], path: string, name: string): Folder {
  const there = folders.find((folder) => folder.path === path);
  if (there) return there;
  const made = { path, name, hosts: 0, folders: [] };
  folders.push(made);
  return made;
}

function sort(folders: Folder[]) {
  folders.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: 'base' }));
  for (const folder of folders) sort(folder.folders);
}

/** The tree of folders, from the paths that hold hosts; several remote sites may share a folder. */
export function folderTree(counted: readonly Counted[]): Folder[] {
  const top: Folder[] = [];
  for (const { folder: path, hosts } of counted) {
    let at = top;
    const steps = path.split('/').filter((step) => step !== '');
    steps.forEach((step, depth) => {
      const folder = child(at, steps.slice(0, depth + 1).join('/'), step);
      folder.hosts += hosts;
      at = folder.folders;
    });
  }
  sort(top);
  return top;
}

/** Whether `path` is `folder`, or lies in it. */
export function liesIn(path: string | undefined, folder: string): boolean {
  return path === folder || (path?.startsWith(`${folder}/`) ?? false);
}
