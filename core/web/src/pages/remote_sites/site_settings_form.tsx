import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '~/api/client';
import { changedElsewhere, type FieldErrors, formErrors } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { siteQuery } from '~/api/remote_queries';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { TextArea, TextField } from '~/ui/field';
import { Note } from '~/ui/parts';
import { say } from '~/ui/toast';
import { LeaveGuard } from '../settings/save';
import {
  entriesOf,
  groupNames,
  type Site,
  type SiteEntries,
  type SiteErrors,
  siteErrors,
  updateOf,
} from './site_entries';
import { GatewaysField, groupFields } from './site_fields';

/** Every setting of a remote site. Sends only what was changed. */
export function SiteSettingsForm({ site }: { site: Site }) {
  const [base, setBase] = useState(site);
  const stored = entriesOf(base);
  const [entries, setEntries] = useState<SiteEntries>(stored);
  const [own, setOwn] = useState<SiteErrors>({});
  const dirty = JSON.stringify(entries) !== JSON.stringify(stored);
  const words = text.remoteSites;

  function adopt(newer: Site) {
    setBase(newer);
    setEntries(entriesOf(newer));
  }
  // What others change is taken over at once, unless something is typed here.
  if (site.revision > base.revision && !dirty) adopt(site);

  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PATCH('/sites/{id}', {
          params: { path: { id: site.id } },
          body: { ...updateOf(entries, stored), revision: base.revision },
        }),
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(siteQuery(site.id).queryKey, saved);
      adopt(saved);
      say(text.saved);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['remote-sites'] }),
  });
  const said: FieldErrors = formErrors(save.error, Object.keys(entries));
  const conflict = changedElsewhere(save.error);
  const errors = { ...said, ...own };

  async function reload() {
    adopt(await queryClient.fetchQuery({ ...siteQuery(site.id), staleTime: 0 }));
    save.reset();
  }

  function change(changed: Partial<SiteEntries>) {
    setEntries({ ...entries, ...changed });
    setOwn(Object.fromEntries(Object.entries(own).filter(([field]) => !(field in changed))));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = siteErrors(entries);
    setOwn(found);
    if (Object.keys(found).length === 0) save.mutate();
  }

  return (
    <form className="stack" onSubmit={submit} noValidate>
      <TextField
        label={words.name}
        hint={words.nameHint}
        error={errors.name}
        autoComplete="off"
        maxLength={100}
        value={entries.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <GatewaysField entries={entries} errors={errors} onChange={change} />
      {groupNames.map((group) => {
        const Fields = groupFields[group];
        return (
          <div key={group} className="form-group">
            <Fields entries={entries} errors={errors} onChange={change} />
          </div>
        );
      })}
      <TextArea
        label={words.fields.notes}
        optional={text.optional}
        error={errors.notes}
        rows={3}
        maxLength={10_000}
        value={entries.notes}
        onChange={(event) => change({ notes: event.target.value })}
      />
      {conflict && (
        <Note tone="warning" action={<Button onClick={() => void reload()}>{text.reload}</Button>}>
          {words.conflict}
        </Note>
      )}
      {!conflict && said['form'] && <Note tone="danger">{said['form']}</Note>}
      <div className="form-end">
        {dirty && <p>{text.settings.changed}</p>}
        <Button type="submit" look="primary" busy={save.isPending} disabled={!dirty}>
          {text.save}
        </Button>
      </div>
      <LeaveGuard dirty={dirty && !save.isPending} />
    </form>
  );
}
