import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '~/api/client';
import { changedElsewhere, type FieldErrors, formErrors } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { hostQuery, siteChoicesQuery } from '~/api/remote_queries';
import { protocols } from '~/app/router';
import { text } from '~/text';
import { Dialog } from '~/ui/dialog';
import { DialogForm } from '~/ui/dialog_form';
import { SelectField, TextArea, TextField } from '~/ui/field';
import { say } from '~/ui/toast';
import {
  entriesOf,
  freshHost,
  type Host,
  type HostEntries,
  type HostErrors,
  hostErrors,
  hostOf,
  updateOf,
  withProtocol,
} from './host_entries';
import { FirstUseField, FolderField, NotesField, SystemField, TagsField, TypeField } from './host_fields';

function refreshHosts() {
  return queryClient.invalidateQueries({ queryKey: ['hosts'] });
}

type AddHostProps = { site?: string; folder?: string; onClose: () => void };

export function AddHost({ site = '', folder = '', onClose }: AddHostProps) {
  const [entries, setEntries] = useState<HostEntries>(() => freshHost(site, folder));
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: (given: HostEntries) => answer(api.POST('/hosts', { body: hostOf(given) })),
    onSuccess: async (host) => {
      say(text.hosts.saved);
      await navigate({ to: '/hosts/$id', params: { id: host.id } });
    },
    onSettled: refreshHosts,
  });
  return (
    <Dialog open keep wide title={text.hosts.addTitle} onClose={onClose}>
      <HostForm
        entries={entries}
        said={formErrors(add.error, Object.keys(entries))}
        busy={add.isPending}
        action={text.hosts.add}
        onChange={setEntries}
        onSubmit={(given) => add.mutate(given)}
        onClose={onClose}
      />
    </Dialog>
  );
}

export function EditHost({ host, onClose }: { host: Host; onClose: () => void }) {
  const stored = entriesOf(host);
  const [entries, setEntries] = useState<HostEntries>(stored);
  const change = useMutation({
    mutationFn: () =>
      answer(
        api.PATCH('/hosts/{id}', {
          params: { path: { id: host.id } },
          body: { ...updateOf(entries, stored), revision: host.revision },
        }),
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(hostQuery(host.id).queryKey, saved);
      say(text.hosts.saved);
      onClose();
    },
    onSettled: async () => {
      await refreshHosts();
      await queryClient.invalidateQueries({ queryKey: ['host', host.id] });
    },
  });
  const said = formErrors(change.error, Object.keys(entries));
  const conflict = changedElsewhere(change.error) && { form: text.remoteSites.conflict };
  return (
    <Dialog open keep wide title={text.hosts.editTitle(host.name)} onClose={onClose}>
      <HostForm
        entries={entries}
        said={{ ...said, ...conflict }}
        busy={change.isPending}
        action={text.save}
        onChange={setEntries}
        onSubmit={() => change.mutate()}
        onClose={onClose}
      />
    </Dialog>
  );
}

type HostFormProps = {
  entries: HostEntries;
  /** What the core said is wrong. */
  said: FieldErrors;
  busy: boolean;
  action: string;
  onChange: (entries: HostEntries) => void;
  onSubmit: (entries: HostEntries) => void;
  onClose: () => void;
};

function HostForm({ entries, said, busy, action, onChange, onSubmit, onClose }: HostFormProps) {
  const [own, setOwn] = useState<HostErrors>({});
  const sites = useQuery(siteChoicesQuery);
  const words = text.hosts;
  const errors: FieldErrors = { ...said, ...own };
  const choices = sites.data?.map((site) => ({ value: site.id, label: site.name })) ?? [];
  // Where there is but one, nobody has to choose.
  const site = entries.site || (choices.length === 1 ? (choices[0]?.value ?? '') : '');

  function submit() {
    const given = { ...entries, site };
    const wrong = hostErrors(given);
    setOwn(wrong);
    if (Object.keys(wrong).length === 0) onSubmit(given);
  }
  function change(changed: Partial<HostEntries>) {
    onChange({ ...entries, ...changed });
  }

  return (
    <DialogForm problem={errors['form']} action={action} busy={busy} onSubmit={submit} onClose={onClose}>
      <div className="columns">
        <TextField
          label={words.name}
          hint={words.nameHint}
          error={errors['name']}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={200}
          value={entries.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <SelectField
          label={words.site}
          error={errors['site']}
          value={site}
          choices={[...(site === '' ? [{ value: '', label: '' }] : []), ...choices]}
          onChoose={(chosen) => change({ site: chosen })}
        />
        <TextField
          label={words.address}
          optional={text.optional}
          hint={words.addressHint}
          error={errors['address']}
          autoComplete="off"
          spellCheck={false}
          maxLength={253}
          value={entries.address}
          onChange={(event) => change({ address: event.target.value })}
        />
        <div className="columns columns-tight">
          <SelectField
            label={words.protocol}
            error={errors['protocol']}
            value={entries.protocol}
            choices={protocols.map((value) => ({ value, label: words.protocols[value] }))}
            onChoose={(protocol) => onChange(withProtocol(entries, protocol))}
          />
          <TextField
            label={words.port}
            error={errors['port']}
            inputMode="numeric"
            value={entries.port}
            onChange={(event) => change({ port: event.target.value })}
          />
        </div>
      </div>
      <Sorting entries={entries} errors={errors} onChange={change} />
      <Keys entries={entries} errors={errors} onChange={change} />
      <NotesField
        optional={text.optional}
        error={errors['notes']}
        value={entries.notes}
        onChange={(notes) => change({ notes })}
      />
    </DialogForm>
  );
}

type PartProps = {
  entries: HostEntries;
  errors: FieldErrors;
  onChange: (changed: Partial<HostEntries>) => void;
};

/** Where it stands in the list, and what it is. */
function Sorting({ entries, errors, onChange }: PartProps) {
  return (
    <div className="columns">
      <FolderField
        optional={text.optional}
        error={errors['folder']}
        value={entries.folder}
        onChange={(folder) => onChange({ folder })}
      />
      <TagsField
        optional={text.optional}
        error={errors['tags']}
        value={entries.tags}
        onChange={(tags) => onChange({ tags })}
      />
      <TypeField
        optional={text.optional}
        error={errors['type']}
        value={entries.type}
        onChange={(type) => onChange({ type })}
      />
      <SystemField
        optional={text.optional}
        error={errors['operating_system']}
        value={entries.operating_system}
        onChange={(operating_system) => onChange({ operating_system })}
      />
    </div>
  );
}

function Keys({ entries, errors, onChange }: PartProps) {
  const words = text.hosts;
  return (
    <>
      <FirstUseField checked={entries.first_use} onCheck={(first_use) => onChange({ first_use })} />
      <TextArea
        label={words.keysField}
        optional={text.optional}
        hint={words.keysHint}
        error={errors['host_keys']}
        rows={2}
        spellCheck={false}
        value={entries.host_keys}
        onChange={(event) => onChange({ host_keys: event.target.value })}
      />
      <TextArea
        label={words.casField}
        optional={text.optional}
        hint={words.casHint}
        error={errors['host_cas']}
        rows={2}
        spellCheck={false}
        value={entries.host_cas}
        onChange={(event) => onChange({ host_cas: event.target.value })}
      />
    </>
  );
}
