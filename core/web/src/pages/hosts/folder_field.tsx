import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { foldersQuery } from '~/api/remote_queries';
import { text } from '~/text';
import { TextField } from '~/ui/field';

type FolderFieldProps = {
  value: string;
  optional?: string;
  error?: string | undefined;
  onChange: (folder: string) => void;
};

/** A folder of hosts; those that are there already are offered. */
export function FolderField({ value, onChange, ...more }: FolderFieldProps) {
  const folders = useQuery(foldersQuery);
  const paths = useId();
  const known = [...new Set(folders.data?.map((each) => each.folder))].filter((path) => path !== '');
  return (
    <>
      <TextField
        label={text.hosts.folder}
        hint={text.hosts.folderHint}
        list={paths}
        autoComplete="off"
        maxLength={200}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...more}
      />
      <datalist id={paths}>
        {known.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
    </>
  );
}
