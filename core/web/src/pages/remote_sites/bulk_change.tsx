import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { type FieldErrors, formErrors, problemOf, problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { text } from '~/text';
import { Check } from '~/ui/choices';
import { Dialog } from '~/ui/dialog';
import { DialogFormEnd } from '~/ui/dialog_form';
import { Note } from '~/ui/parts';
import { complain, say } from '~/ui/toast';
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
  const [ticked, setTicked] = useState<readonly Group[]>([]);
  const [own, setOwn] = useState<SiteErrors>({});
  const [nothing, setNothing] = useState(false);
  const words = text.remoteSites;

  const change = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/sites/bulk', {
          body: { ids: sites.map((site) => site.id), change: changeOf(entries, ticked) },
        }),
      ),
    onSuccess: (result) => {
      if (result.changed > 0) say(words.bulkDone(result.changed));
      for (const failure of result.failed) complain(failureText(failure, sites));
      onDone();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['remote-sites'] }),
  });
  const said: FieldErrors = formErrors(change.error, Object.keys(entries));

  function submit(event: FormEvent) {
    event.preventDefault();
    const errors = errorsIn(ticked, siteErrors(entries));
    setOwn(errors);
    setNothing(ticked.length === 0);
    if (ticked.length > 0 && Object.keys(errors).length === 0) change.mutate();
  }

  function tick(group: Group, yes: boolean) {
    setTicked(yes ? [...ticked, group] : ticked.filter((each) => each !== group));
    setNothing(false);
  }

  return (
    <Dialog
      open
      keep
      wide
      title={words.bulkTitle(sites.length)}
      description={words.bulkLead}
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate>
        {groupNames.map((group) => {
          const Fields = groupFields[group];
          return (
            <div key={group} className="bulk-group">
              <Check
                label={groupTitles[group]}
                checked={ticked.includes(group)}
                onCheck={(yes) => tick(group, yes)}
              />
              {ticked.includes(group) && (
                <div className="bulk-group-fields">
                  <Fields
                    entries={entries}
                    errors={{ ...said, ...own }}
                    onChange={(changed) => {
                      setEntries({ ...entries, ...changed });
                      setOwn({});
                    }}
                  />
                </div>
              )}
            </div>
          );
        })}
        {nothing && <Note tone="warning">{words.bulkNothing}</Note>}
        {said['form'] && <Note tone="danger">{said['form']}</Note>}
        <DialogFormEnd action={words.bulk} busy={change.isPending} onClose={onClose} />
      </form>
    </Dialog>
  );
}

function failureText(failure: Schemas['BulkResult']['failed'][number], sites: readonly Site[]): string {
  const name = sites.find((site) => site.id === failure.id)?.name ?? failure.id;
  const why = failure.errors.map((error) => `${error.field}: ${error.detail}`).join(' ');
  return text.remoteSites.bulkFailed(
    name,
    why || problemText(problemOf(codeStatus[failure.code] ?? 500, {})),
  );
}

const codeStatus: Record<string, number> = {
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  invalid_input: 400,
};
