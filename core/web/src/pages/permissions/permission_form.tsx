import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { answer, api } from '~/api/client';
import { type FieldErrors, formErrors } from '~/api/problem';
import { peopleQuery, queryClient } from '~/api/queries';
import type { PermissionKind } from '~/api/remote_queries';
import { text } from '~/text';
import { OptionTicks } from '~/ui/choices';
import { Dialog } from '~/ui/dialog';
import { DialogForm } from '~/ui/dialog_form';
import { TextField } from '~/ui/field';
import { rowsOf } from '~/ui/list';
import { say } from '~/ui/toast';
import {
  dayOf,
  type Permission,
  type PermissionEntries,
  type PermissionErrors,
  permissionErrors,
  rights,
  updateOf,
} from './permission_entries';

type FormProps = { kind: PermissionKind; id: string; permission: Permission | null; onClose: () => void };

function begun(permission: Permission | null): PermissionEntries {
  if (permission === null) return { login: '', rights: ['use'], until: '' };
  return { login: permission.person.login, rights: permission.rights, until: dayOf(permission.until) };
}

/** Gives rights to a person, or changes them. */
export function PermissionForm({ kind, id, permission, onClose }: FormProps) {
  const [entries, setEntries] = useState<PermissionEntries>(() => begun(permission));
  const [own, setOwn] = useState<PermissionErrors>({});
  const wanted = entries.login.trim().toLowerCase();
  const people = useInfiniteQuery({ ...peopleQuery(wanted || undefined), enabled: permission === null });
  const found = rowsOf(people);
  const person = permission?.person ?? found.find((each) => each.login === wanted);
  const names = useId();
  const words = text.permissions;

  const give = useMutation({
    mutationFn: (to: string) =>
      answer(
        api.PUT(`/${kind}/{id}/permissions/{person}`, {
          params: { path: { id, person: to } },
          body: updateOf(entries),
        }),
      ),
    onSuccess: () => {
      say(text.saved);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['permissions', kind, id] }),
  });
  const errors: FieldErrors = {
    ...formErrors(give.error, ['rights', 'until']),
    ...own,
  };

  function submit() {
    const wrong = permissionErrors(entries, person !== undefined, Date.now());
    setOwn(wrong);
    if (person && Object.keys(wrong).length === 0) give.mutate(person.id);
  }

  function change(changed: Partial<PermissionEntries>) {
    setEntries({ ...entries, ...changed });
    setOwn({});
  }

  return (
    <Dialog
      open
      keep
      title={permission ? words.editTitle(permission.person.login) : words.addTitle}
      onClose={onClose}
    >
      <DialogForm
        problem={errors['form']}
        action={text.save}
        busy={give.isPending}
        onSubmit={submit}
        onClose={onClose}
      >
        {permission === null && (
          <>
            <TextField
              label={words.person}
              hint={person?.name}
              error={errors['login']}
              list={names}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={64}
              value={entries.login}
              onChange={(event) => change({ login: event.target.value })}
            />
            <datalist id={names}>
              {found.slice(0, 20).map((each) => (
                <option key={each.id} value={each.login} label={each.name} />
              ))}
            </datalist>
          </>
        )}
        <OptionTicks
          legend={words.rightsLabel}
          error={errors['rights']}
          options={rights.map((value) => ({
            value,
            label: words.rights[value],
            description: words.about[kind][value],
          }))}
          chosen={entries.rights}
          onChoose={(chosen) => change({ rights: chosen })}
        />
        <TextField
          type="date"
          label={words.until}
          optional={text.optional}
          hint={words.untilHint}
          error={errors['until']}
          value={entries.until}
          onChange={(event) => change({ until: event.target.value })}
        />
      </DialogForm>
    </Dialog>
  );
}
