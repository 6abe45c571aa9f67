import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { inParts, tell } from '~/api/bulk';
import { answer, api } from '~/api/client';
import { type FieldErrors, formErrors, problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { siteChoicesQuery } from '~/api/remote_queries';
import { text } from '~/text';
import { BulkForm } from '~/ui/bulk_form';
import { Confirm } from '~/ui/dialog';
import { SelectField } from '~/ui/field';
import { complain } from '~/ui/toast';
import type { Host } from './host_entries';
import { FirstUseField, FolderField, NotesField, SystemField, TagsField, TypeField } from './host_fields';
import { type AlikeEntries, alikeErrors, alikeOf, changeOf, type Part, parts } from './many_entries';

type ManyProps = { hosts: readonly Host[]; onDone: () => void; onClose: () => void };

function refresh() {
  return Promise.all([['hosts'], ['host']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

const idsOf = (hosts: readonly Host[]) => hosts.map((host) => host.id);

/** Changes some things of many hosts at once; begins with what the first of them has. */
export function ChangeHosts({ hosts, onDone, onClose }: ManyProps) {
  const [entries, setEntries] = useState<AlikeEntries>(() => alikeOf(hosts[0]));
  const [own, setOwn] = useState<FieldErrors>({});
  const change = useMutation({
    mutationFn: (ticked: readonly Part[]) =>
      inParts(idsOf(hosts), (ids) =>
        answer(api.POST('/hosts/bulk', { body: { ids, change: changeOf(entries, ticked) } })),
      ),
    onSuccess: (result) => {
      tell(result, hosts, text.hosts.bulkDone);
      onDone();
    },
    onSettled: refresh,
  });
  // The core names what is wrong by its place in the request.
  const said = formErrors(change.error, []);

  function submit(ticked: readonly Part[]) {
    const wrong = alikeErrors(entries, ticked);
    setOwn(wrong);
    if (Object.keys(wrong).length === 0) change.mutate(ticked);
  }
  const fields = fieldsOf(entries, own, (changed) => {
    setEntries({ ...entries, ...changed });
    setOwn({});
  });
  return (
    <BulkForm
      title={text.hosts.bulkTitle(hosts.length)}
      parts={parts.map((name) => ({ name, title: titles[name], fields: fields[name] }))}
      problem={said['form']}
      busy={change.isPending}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}

const words = text.hosts;
const titles: Record<Part, string> = {
  folder: words.folder,
  tags: words.tags,
  site: words.site,
  type: words.type,
  operating_system: words.os,
  first_use: words.keys.title,
  notes: words.notes,
};

function fieldsOf(
  entries: AlikeEntries,
  errors: FieldErrors,
  onChange: (changed: Partial<AlikeEntries>) => void,
) {
  return {
    folder: <FolderField value={entries.folder} onChange={(folder) => onChange({ folder })} />,
    tags: (
      <div className="columns">
        <TagsField
          label={words.addTags}
          error={errors['tags']}
          value={entries.add_tags}
          onChange={(add_tags) => onChange({ add_tags })}
        />
        <TagsField
          label={words.removeTags}
          value={entries.remove_tags}
          onChange={(remove_tags) => onChange({ remove_tags })}
        />
      </div>
    ),
    site: <Site value={entries.site} onChange={(site) => onChange({ site })} />,
    type: <TypeField value={entries.type} onChange={(type) => onChange({ type })} />,
    operating_system: (
      <SystemField
        value={entries.operating_system}
        onChange={(operating_system) => onChange({ operating_system })}
      />
    ),
    first_use: <FirstUseField checked={entries.first_use} onCheck={(first_use) => onChange({ first_use })} />,
    notes: <NotesField value={entries.notes} onChange={(notes) => onChange({ notes })} />,
  } satisfies Record<Part, ReactNode>;
}

function Site({ value, onChange }: { value: string; onChange: (site: string) => void }) {
  const sites = useQuery(siteChoicesQuery);
  return (
    <SelectField
      label={words.site}
      value={value}
      choices={sites.data?.map((site) => ({ value: site.id, label: site.name })) ?? []}
      onChoose={onChange}
    />
  );
}

/** Asks, then removes them. */
export function RemoveHosts({ hosts, onDone, onClose }: ManyProps) {
  const remove = useMutation({
    mutationFn: () =>
      inParts(idsOf(hosts), (ids) => answer(api.POST('/hosts/bulk', { body: { ids, remove: true } }))),
    onSuccess: (result) => {
      tell(result, hosts, words.removedMany);
      onDone();
    },
    onError: (error) => complain(problemText(error)),
    onSettled: refresh,
  });
  return (
    <Confirm
      open
      title={words.removeManyTitle(hosts.length)}
      consequence={<p>{words.removeManyText}</p>}
      action={words.removeMany}
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
