import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { formErrors } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { text } from '~/text';
import { Dialog } from '~/ui/dialog';
import { DialogForm } from '~/ui/dialog_form';
import { SelectField, TextField } from '~/ui/field';
import { say } from '~/ui/toast';
import { OneTimePassword } from './one_time_password';
import type { Person } from './people';

type Entries = { login: string; name: string; email: string; role: Schemas['Role'] };
type Errors = Record<string, string>;

const names = ['login', 'name', 'email', 'role'] as const;
const roles = ['user', 'administrator'] as const;

function refreshPeople() {
  return queryClient.invalidateQueries({ queryKey: ['people'] });
}

type EntriesFormProps = {
  entries: Entries;
  errors: Errors;
  busy: boolean;
  action: string;
  /** The login of an account never changes. */
  loginFixed?: boolean;
  onChange: (entries: Entries) => void;
  onSubmit: () => void;
  onClose: () => void;
};

function EntriesForm(props: EntriesFormProps) {
  const { entries, errors, busy, action, loginFixed = false, onChange, onSubmit, onClose } = props;
  return (
    <DialogForm problem={errors['form']} action={action} busy={busy} onSubmit={onSubmit} onClose={onClose}>
      {!loginFixed && (
        <TextField
          label={text.people.login}
          hint={text.people.loginHint}
          error={errors['login']}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          value={entries.login}
          onChange={(event) => onChange({ ...entries, login: event.target.value })}
        />
      )}
      <TextField
        label={text.people.name}
        optional={text.optional}
        hint={text.people.nameHint}
        error={errors['name']}
        autoComplete="off"
        maxLength={200}
        value={entries.name}
        onChange={(event) => onChange({ ...entries, name: event.target.value })}
      />
      <TextField
        label={text.people.email}
        optional={text.optional}
        hint={text.people.emailHint}
        error={errors['email']}
        type="email"
        autoComplete="off"
        maxLength={254}
        value={entries.email}
        onChange={(event) => onChange({ ...entries, email: event.target.value })}
      />
      <SelectField
        label={text.people.role}
        hint={text.people.roleHint}
        error={errors['role']}
        value={entries.role}
        choices={roles.map((value) => ({ value, label: text.people.roles[value] }))}
        onChoose={(role) => onChange({ ...entries, role })}
      />
    </DialogForm>
  );
}

/** Makes an account, then shows its one-time password. */
export function AddPerson({ onClose }: { onClose: () => void }) {
  const [entries, setEntries] = useState<Entries>({ login: '', name: '', email: '', role: 'user' });
  const [loginWrong, setLoginWrong] = useState(false);

  const add = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/people', {
          body: {
            login: entries.login.trim(),
            name: entries.name.trim(),
            email: entries.email.trim() || null,
            role: entries.role,
          },
        }),
      ),
    onSuccess: refreshPeople,
  });

  function submit() {
    const fits = /^[\p{L}\d._@-]{2,64}$/u.test(entries.login.trim());
    setLoginWrong(!fits);
    if (fits) add.mutate();
  }

  if (add.data) {
    const { person, one_time_password } = add.data;
    return <OneTimePassword login={person.login} password={one_time_password} onClose={onClose} />;
  }
  const errors = {
    ...formErrors(add.error, names),
    ...(loginWrong && { login: text.people.loginWrong }),
  };
  return (
    <Dialog open keep title={text.people.addTitle} onClose={onClose}>
      <EntriesForm
        entries={entries}
        errors={errors}
        busy={add.isPending}
        action={text.people.add}
        onChange={setEntries}
        onSubmit={submit}
        onClose={onClose}
      />
    </Dialog>
  );
}

/** Changes name, address and role. */
export function EditPerson({ person, onClose }: { person: Person; onClose: () => void }) {
  const { login, name, email, role } = person;
  const [entries, setEntries] = useState<Entries>({ login, name, email: email ?? '', role });
  const change = useMutation({
    mutationFn: () =>
      answer(
        api.PATCH('/people/{id}', {
          params: { path: { id: person.id } },
          body: { name: entries.name.trim(), email: entries.email.trim() || null, role: entries.role },
        }),
      ),
    onSuccess: () => {
      say(text.saved);
      onClose();
    },
    onSettled: refreshPeople,
  });
  return (
    <Dialog open keep title={text.people.editTitle(login)} onClose={onClose}>
      <EntriesForm
        loginFixed
        entries={entries}
        errors={formErrors(change.error, names)}
        busy={change.isPending}
        action={text.save}
        onChange={setEntries}
        onSubmit={() => change.mutate()}
        onClose={onClose}
      />
    </Dialog>
  );
}
