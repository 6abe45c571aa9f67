import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '~/api/client';
import { partsOf } from '~/api/entries';
import { changedElsewhere, type FieldErrors, formErrors } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { credentialQuery, siteChoicesQuery } from '~/api/remote_queries';
import { text } from '~/text';
import { OptionCards } from '~/ui/choices';
import { Dialog } from '~/ui/dialog';
import { DialogForm } from '~/ui/dialog_form';
import { SelectField, TextArea, TextField } from '~/ui/field';
import { say } from '~/ui/toast';
import {
  type Credential,
  type CredentialEntries,
  type CredentialErrors,
  type CredentialKind,
  credentialErrors,
  credentialKinds,
  credentialOf,
  emptySecrets,
  entriesOf,
  freshCredential,
  updateOf,
} from './credential_entries';
import { MatchingHosts } from './matching_hosts';
import { SecretFields } from './secret_fields';

function refreshCredentials() {
  return queryClient.invalidateQueries({ queryKey: ['credentials'] });
}

export function AddCredential({ onClose }: { onClose: () => void }) {
  const [entries, setEntries] = useState<CredentialEntries>(freshCredential);
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: () => answer(api.POST('/credentials', { body: credentialOf(entries) })),
    onSuccess: async (credential) => {
      setEntries({ ...entries, ...emptySecrets });
      say(text.credentials.saved);
      await navigate({ to: '/credentials/$id', params: { id: credential.id } });
    },
    onSettled: refreshCredentials,
  });
  return (
    <Dialog open keep wide title={text.credentials.addTitle} onClose={onClose}>
      <CredentialForm
        entries={entries}
        said={formErrors(add.error, Object.keys(entries))}
        stored={null}
        busy={add.isPending}
        action={text.credentials.add}
        onChange={setEntries}
        onSubmit={() => add.mutate()}
        onClose={onClose}
      />
    </Dialog>
  );
}

type EditProps = { credential: Credential; onClose: () => void };

export function EditCredential({ credential, onClose }: EditProps) {
  const stored = entriesOf(credential);
  const [entries, setEntries] = useState<CredentialEntries>(stored);
  const change = useMutation({
    mutationFn: () =>
      answer(
        api.PATCH('/credentials/{id}', {
          params: { path: { id: credential.id } },
          body: { ...updateOf(entries, stored), revision: credential.revision },
        }),
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(credentialQuery(credential.id).queryKey, saved);
      say(text.credentials.saved);
      onClose();
    },
    onSettled: async () => {
      await refreshCredentials();
      await queryClient.invalidateQueries({ queryKey: ['credential', credential.id] });
    },
  });
  const said = formErrors(change.error, Object.keys(entries));
  const conflict = changedElsewhere(change.error) && { form: text.remoteSites.conflict };
  return (
    <Dialog open keep wide title={text.credentials.editTitle(credential.name)} onClose={onClose}>
      <CredentialForm
        entries={entries}
        said={{ ...said, ...conflict }}
        stored={credential.kind}
        busy={change.isPending}
        action={text.save}
        onChange={setEntries}
        onSubmit={() => change.mutate()}
        onClose={onClose}
      />
    </Dialog>
  );
}

type FormProps = {
  entries: CredentialEntries;
  /** What the core said is wrong. */
  said: FieldErrors;
  /** The kind whose secret the core has already. */
  stored: CredentialKind | null;
  busy: boolean;
  action: string;
  onChange: (entries: CredentialEntries) => void;
  onSubmit: () => void;
  onClose: () => void;
};

function CredentialForm(props: FormProps) {
  const { entries, said, stored, busy, action, onChange, onSubmit, onClose } = props;
  const [own, setOwn] = useState<CredentialErrors>({});
  const errors: FieldErrors = { ...said, ...own };
  const words = text.credentials;
  function submit() {
    const wrong = credentialErrors(entries, stored);
    setOwn(wrong);
    if (Object.keys(wrong).length === 0) onSubmit();
  }
  function change(changed: Partial<CredentialEntries>) {
    onChange({ ...entries, ...changed });
  }
  return (
    <DialogForm
      problem={errors['form']}
      action={action}
      busy={busy}
      autoComplete="off"
      onSubmit={submit}
      onClose={onClose}
    >
      <OptionCards
        legend={words.kind}
        value={entries.kind}
        options={credentialKinds.map((value) => ({
          value,
          label: words.kinds[value],
          description: words.kindAbout[value],
        }))}
        onChoose={(kind) => change({ kind })}
      />
      <div className="columns">
        <TextField
          label={words.name}
          hint={words.nameHint}
          error={errors['name']}
          autoComplete="off"
          maxLength={200}
          value={entries.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <TextField
          label={words.login}
          hint={words.loginHint}
          error={errors['login']}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={200}
          value={entries.login}
          onChange={(event) => change({ login: event.target.value })}
        />
      </div>
      <SecretFields entries={entries} errors={errors} kept={stored === entries.kind} onChange={change} />
      <BoundFields entries={entries} errors={errors} onChange={change} />
      <TextArea
        label={words.notes}
        optional={text.optional}
        error={errors['notes']}
        rows={2}
        maxLength={4_000}
        value={entries.notes}
        onChange={(event) => change({ notes: event.target.value })}
      />
    </DialogForm>
  );
}

type BoundProps = {
  entries: CredentialEntries;
  errors: FieldErrors;
  onChange: (changed: Partial<CredentialEntries>) => void;
};

/** Which hosts it is for, and which of those that are there fit. */
function BoundFields({ entries, errors, onChange }: BoundProps) {
  const sites = useQuery(siteChoicesQuery);
  const words = text.credentials;
  const choices = sites.data?.map((site) => ({ value: site.id, label: site.name })) ?? [];
  return (
    <>
      <SelectField
        label={words.site}
        hint={words.siteHint}
        error={errors['site']}
        value={entries.site}
        choices={[{ value: '', label: words.anySite }, ...choices]}
        onChoose={(site) => onChange({ site })}
      />
      <div className="columns">
        <TextArea
          label={words.hosts}
          hint={words.hostsHint}
          error={errors['hosts']}
          rows={3}
          spellCheck={false}
          value={entries.hosts}
          onChange={(event) => onChange({ hosts: event.target.value })}
        />
        <TextArea
          label={words.except}
          optional={text.optional}
          hint={words.exceptHint}
          error={errors['hosts_except']}
          rows={3}
          spellCheck={false}
          value={entries.hosts_except}
          onChange={(event) => onChange({ hosts_except: event.target.value })}
        />
      </div>
      <MatchingHosts
        site={entries.site || null}
        hosts={partsOf(entries.hosts)}
        except={partsOf(entries.hosts_except)}
      />
    </>
  );
}
