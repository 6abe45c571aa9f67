import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { foldersQuery } from '~/api/remote_queries';
import { text } from '~/text';
import { Check } from '~/ui/choices';
import { TextArea, TextField } from '~/ui/field';

const words = text.hosts;

type FieldProps = {
  value: string;
  optional?: string;
  error?: string | undefined;
  onChange: (value: string) => void;
};

/** A folder of hosts; those that are there already are offered. */
export function FolderField({ value, onChange, ...more }: FieldProps) {
  const folders = useQuery(foldersQuery);
  const paths = useId();
  const known = [...new Set(folders.data?.map((each) => each.folder))].filter((path) => path !== '');
  return (
    <>
      <TextField
        label={words.folder}
        hint={words.folderHint}
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

export function TagsField({ label = words.tags, onChange, ...more }: FieldProps & { label?: string }) {
  return (
    <TextField
      label={label}
      hint={words.tagsHint}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      {...more}
    />
  );
}

export function TypeField({ onChange, ...more }: FieldProps) {
  return (
    <TextField
      label={words.type}
      hint={words.typeHint}
      autoComplete="off"
      maxLength={50}
      onChange={(event) => onChange(event.target.value)}
      {...more}
    />
  );
}

export function SystemField({ onChange, ...more }: FieldProps) {
  return (
    <TextField
      label={words.os}
      hint={words.osHint}
      autoComplete="off"
      maxLength={50}
      onChange={(event) => onChange(event.target.value)}
      {...more}
    />
  );
}

export function NotesField({ onChange, ...more }: FieldProps) {
  return (
    <TextArea
      label={words.notes}
      rows={2}
      maxLength={4_000}
      onChange={(event) => onChange(event.target.value)}
      {...more}
    />
  );
}

type FirstUseProps = { checked: boolean; onCheck: (checked: boolean) => void };

export function FirstUseField(props: FirstUseProps) {
  return <Check label={words.firstUse} hint={words.firstUseHint} {...props} />;
}
