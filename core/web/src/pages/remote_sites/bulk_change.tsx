import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { inParts, tell } from '~/api/bulk';
import { answer, api } from '~/api/client';
import { type FieldErrors, formErrors } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { text } from '~/text';
import { BulkForm } from '~/ui/bulk_form';
import {
  changeOf,
  entriesOf,
  type Group,
  groupNames,
  groups,
  type Site,
  type SiteEntries,
  type SiteErrors,
  siteErrors,
  usual,
} from './site_entries';
import { groupFields, groupTitles } from './site_fields';

type BulkChangeProps = { sites: readonly Site[]; onDone: () => void; onClose: () => void };

/** Only what is wrong in the groups that are ticked. */
export function errorsIn(ticked: readonly Group[], errors: SiteErrors): SiteErrors {
  const fields: readonly string[] = ticked.flatMap((group) => groups[group]);
  return Object.fromEntries(Object.entries(errors).filter(([field]) => fields.includes(field)));
}

/** Changes some settings of many remote sites at once; begins with what the first of them has. */
export function BulkChange({ sites, onDone, onClose }: BulkChangeProps) {
  const [entries, setEntries] = useState<SiteEntries>(sites[0] ? entriesOf(sites[0]) : usual);
  const [own, setOwn] = useState<SiteErrors>({});

  const change = useMutation({
    mutationFn: (ticked: readonly Group[]) =>
      inParts(
        sites.map((site) => site.id),
        (ids) => answer(api.POST('/sites/bulk', { body: { ids, change: changeOf(entries, ticked) } })),
      ),
    onSuccess: (result) => {
      tell(result, sites, text.remoteSites.bulkDone);
      onDone();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['remote-sites'] }),
  });
  const said: FieldErrors = formErrors(change.error, Object.keys(entries));

  function submit(ticked: readonly Group[]) {
    const errors = errorsIn(ticked, siteErrors(entries));
    setOwn(errors);
    if (Object.keys(errors).length === 0) change.mutate(ticked);
  }

  function fieldsOf(group: Group) {
    const Fields = groupFields[group];
    return (
      <Fields
        entries={entries}
        errors={{ ...said, ...own }}
        onChange={(changed) => {
          setEntries({ ...entries, ...changed });
          setOwn({});
        }}
      />
    );
  }

  return (
    <BulkForm
      title={text.remoteSites.bulkTitle(sites.length)}
      parts={groupNames.map((name) => ({ name, title: groupTitles[name], fields: fieldsOf(name) }))}
      problem={said['form']}
      busy={change.isPending}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}
