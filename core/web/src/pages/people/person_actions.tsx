import { useMutation } from '@tanstack/react-query';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { answer, api } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { useSession } from '~/app/session';
import { text } from '~/text';
import { IconButton } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Menu, MenuItem } from '~/ui/menu';
import { complain, say } from '~/ui/toast';
import { OneTimePassword } from './one_time_password';
import type { Person } from './people';
import { EditPerson } from './person_forms';

type Open = 'nothing' | 'edit' | 'disable' | 'reset';

/** What an administrator can do with an account. */
export function PersonActions({ person }: { person: Person }) {
  const [open, setOpen] = useState<Open>('nothing');
  const { user } = useSession();
  const close = () => setOpen('nothing');
  const path = { id: person.id };

  const disabling = useMutation({
    mutationFn: (disabled: boolean) =>
      answer(api.PATCH('/people/{id}', { params: { path }, body: { disabled } })),
    onSuccess: () => say(text.people.saved),
    onError: (error) => complain(problemText(error)),
    onSettled: () => {
      close();
      return queryClient.invalidateQueries({ queryKey: ['people'] });
    },
  });
  const reset = useMutation({
    mutationFn: () => answer(api.POST('/people/{id}/reset-password', { params: { path } })),
    onError: (error) => complain(problemText(error)),
    onSettled: () => {
      close();
      return queryClient.invalidateQueries({ queryKey: ['people'] });
    },
  });

  return (
    <>
      <Menu
        trigger={
          <IconButton label={text.actionsFor(person.login)}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => setOpen('edit')}>{text.edit}</MenuItem>
        {person.id !== user.id && (
          <>
            <MenuItem onSelect={() => setOpen('reset')}>{text.people.reset}</MenuItem>
            {person.disabled ? (
              <MenuItem onSelect={() => disabling.mutate(false)}>{text.people.enable}</MenuItem>
            ) : (
              <MenuItem danger onSelect={() => setOpen('disable')}>
                {text.people.disable}
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      {open === 'edit' && <EditPerson person={person} onClose={close} />}
      <Confirm
        open={open === 'disable'}
        title={text.people.disableTitle(person.login)}
        consequence={<p>{text.people.disableText}</p>}
        action={text.people.disable}
        busy={disabling.isPending}
        onConfirm={() => disabling.mutate(true)}
        onClose={close}
      />
      <Confirm
        open={open === 'reset'}
        title={text.people.resetTitle(person.login)}
        consequence={<p>{text.people.resetText}</p>}
        action={text.people.reset}
        busy={reset.isPending}
        onConfirm={() => reset.mutate()}
        onClose={close}
      />
      {reset.data && (
        <OneTimePassword
          login={person.login}
          password={reset.data.one_time_password}
          onClose={() => reset.reset()}
        />
      )}
    </>
  );
}
