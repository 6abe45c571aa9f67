import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { formErrors } from '~/api/problem';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { TextField } from '~/ui/field';
import { Note } from '~/ui/parts';

const leastLength = 12;

type Entries = { old: string; fresh: string; again: string };

/** What is wrong with the entries before they are sent. */
export function passwordErrors({ old, fresh, again }: Entries): Partial<Entries> {
  const errors: Partial<Entries> = {};
  if (old === '') errors.old = text.password.oldMissing;
  if ([...fresh].length < leastLength) errors.fresh = text.password.tooShort;
  else if (fresh === old) errors.fresh = text.password.same;
  if (again !== fresh) errors.again = text.password.differs;
  return errors;
}

type PasswordFormProps = { oneTime?: boolean; onChanged: (session: Schemas['Session']) => void };

/** Present password, new one, and the new one again. */
export function PasswordForm({ oneTime = false, onChanged }: PasswordFormProps) {
  const [entries, setEntries] = useState<Entries>({ old: '', fresh: '', again: '' });
  const [own, setOwn] = useState<Partial<Entries>>({});

  const change = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/session/password', { body: { old_password: entries.old, new_password: entries.fresh } }),
      ),
    onSuccess: onChanged,
  });
  const said = formErrors(change.error, ['old_password', 'new_password']);

  function type(name: keyof Entries, value: string) {
    setEntries({ ...entries, [name]: value });
    setOwn({ ...own, [name]: undefined });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const errors = passwordErrors(entries);
    setOwn(errors);
    if (Object.keys(errors).length === 0) change.mutate();
  }

  return (
    <form className="stack" onSubmit={submit} noValidate>
      {said['form'] && <Note tone="danger">{said['form']}</Note>}
      <TextField
        label={oneTime ? text.password.oldOneTime : text.password.old}
        type="password"
        autoComplete="current-password"
        value={entries.old}
        error={own.old ?? said['old_password']}
        onChange={(event) => type('old', event.target.value)}
      />
      <TextField
        label={text.password.fresh}
        type="password"
        autoComplete="new-password"
        hint={text.password.freshHint}
        value={entries.fresh}
        error={own.fresh ?? said['new_password']}
        onChange={(event) => type('fresh', event.target.value)}
      />
      <TextField
        label={text.password.again}
        type="password"
        autoComplete="new-password"
        value={entries.again}
        error={own.again}
        onChange={(event) => type('again', event.target.value)}
      />
      <div className="row">
        <Button type="submit" look="primary" busy={change.isPending}>
          {text.password.submit}
        </Button>
      </div>
    </form>
  );
}
