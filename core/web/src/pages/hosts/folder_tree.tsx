import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { foldersQuery } from '~/api/remote_queries';
import { text } from '~/text';
import { number } from '~/text/format';
import { IconButton } from '~/ui/button';
import { type Folder, folderTree, liesIn } from './folders';

const route = getRouteApi('/app/hosts');

/** The folders of all hosts; what is chosen stands in the address. */
export function FolderTree() {
  const { folder } = route.useSearch();
  const folders = useQuery(foldersQuery);
  const tree = folderTree(folders.data ?? []);
  if (tree.length === 0) return null;
  const all = folders.data?.reduce((sum, each) => sum + each.hosts, 0) ?? 0;
  return (
    <nav className="folders" aria-label={text.hosts.folders}>
      <ul>
        <li>
          <FolderLink path={undefined} name={text.hosts.allFolders} hosts={all} />
        </li>
        {tree.map((each) => (
          <FolderItem key={each.path} folder={each} current={folder} />
        ))}
      </ul>
    </nav>
  );
}

function FolderItem({ folder, current }: { folder: Folder; current: string | undefined }) {
  const [opened, setOpened] = useState(liesIn(current, folder.path));
  const within = current !== folder.path && liesIn(current, folder.path);
  const open = opened || within;
  const words = text.hosts;
  return (
    <li>
      <div className="folder-row">
        <FolderLink path={folder.path} name={folder.name} hosts={folder.hosts} />
        {folder.folders.length > 0 && (
          <IconButton
            label={open ? words.closeFolder(folder.name) : words.openFolder(folder.name)}
            aria-expanded={open}
            disabled={within}
            onClick={() => setOpened(!open)}
          >
            {open ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
          </IconButton>
        )}
      </div>
      {open && folder.folders.length > 0 && (
        <ul className="folder-inner">
          {folder.folders.map((each) => (
            <FolderItem key={each.path} folder={each} current={current} />
          ))}
        </ul>
      )}
    </li>
  );
}

type FolderLinkProps = { path: string | undefined; name: string; hosts: number };

function FolderLink({ path, name, hosts }: FolderLinkProps) {
  return (
    <Link
      to="/hosts"
      search={(before) => ({ ...before, folder: path })}
      className="folder-link"
      activeOptions={{ exact: true }}
    >
      <span className="folder-name">{name}</span>
      <span className="dim tabular" title={text.hosts.folderHosts(hosts)}>
        {number(hosts)}
      </span>
    </Link>
  );
}
