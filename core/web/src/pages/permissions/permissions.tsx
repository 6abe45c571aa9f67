import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, done } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { type PermissionKind, permissionsQuery } from '~/api/remote_queries';
import { useNow, When } from '~/app/now';
import { text } from '~/text';
import { Badge } from '~/ui/badge';
import { Button } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Card, LoadFailed, Loading } from '~/ui/parts';
import { type Column, Table } from '~/ui/table';
import { complain, say } from '~/ui/toast';
import { type Permission, rights } from './permission_entries';
import { PermissionForm } from './permission_form';

type PermissionsProps = { kind: PermissionKind; id: string };
type Open = { what: 'add' } | { what: 'edit' | 'take'; permission: Permission } | null;

/** Who may do what with a remote site, a host or a credential, and until when. For administrators. */
export function Permissions({ kind, id }: PermissionsProps) {
  const permissions = useQuery(permissionsQuery(kind, id));
  const [open, setOpen] = useState<Open>(null);
  const words = text.permissions;
  return (
    <Card
      title={kind === 'sites' ? text.remoteSites.whoTitle : words.title}
      actions={<Button onClick={() => setOpen({ what: 'add' })}>{words.add}</Button>}
    >
      {kind === 'sites' && <p className="dim">{text.remoteSites.whoLead}</p>}
      {permissions.isPending && <Loading />}
      {permissions.isError && (
        <LoadFailed error={permissions.error} onRetry={() => void permissions.refetch()} />
      )}
      {permissions.data?.length === 0 && (
        <p className="dim">{kind === 'sites' ? words.emptySite : words.empty}</p>
      )}
      {permissions.data && permissions.data.length > 0 && (
        <Table
          caption={words.caption}
          columns={columns(setOpen)}
          rows={permissions.data}
          keyOf={(permission) => permission.person.id}
        />
      )}
      {(open?.what === 'add' || open?.what === 'edit') && (
        <PermissionForm
          kind={kind}
          id={id}
          permission={open.what === 'edit' ? open.permission : null}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.what === 'take' && (
        <TakeAway kind={kind} id={id} permission={open.permission} onClose={() => setOpen(null)} />
      )}
    </Card>
  );
}

type TakeAwayProps = PermissionsProps & { permission: Permission; onClose: () => void };

function TakeAway({ kind, id, permission, onClose }: TakeAwayProps) {
  const take = useMutation({
    mutationFn: () =>
      done(
        api.DELETE(`/${kind}/{id}/permissions/{person}`, {
          params: { path: { id, person: permission.person.id } },
        }),
      ),
    onSuccess: () => {
      say(text.permissions.taken);
      onClose();
    },
    onError: (error) => complain(problemText(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['permissions', kind, id] }),
  });
  return (
    <Confirm
      open
      title={text.permissions.takeTitle(permission.person.login)}
      consequence={<p>{text.permissions.takeText}</p>}
      action={text.permissions.take}
      busy={take.isPending}
      onConfirm={() => take.mutate()}
      onClose={onClose}
    />
  );
}

function Until({ permission }: { permission: Permission }) {
  const now = useNow();
  if (permission.until === null) return text.permissions.forEver;
  const over = Date.parse(permission.until) < now;
  return over ? <Badge tone="neutral">{text.permissions.over}</Badge> : <When at={permission.until} />;
}

function columns(onOpen: (open: Open) => void): Column<Permission>[] {
  const words = text.permissions;
  return [
    {
      key: 'person',
      head: words.columns.person,
      cell: (permission) => (
        <>
          <span className="cell-main">{permission.person.name || permission.person.login}</span>
          <span className="cell-more">
            {permission.person.login} · {words.givenBy(permission.given_by)}
          </span>
        </>
      ),
    },
    {
      key: 'rights',
      head: words.columns.rights,
      cell: (permission) => (
        <span className="row">
          {rights
            .filter((right) => permission.rights.includes(right))
            .map((right) => (
              <Badge key={right} tone={right === 'use' ? 'info' : 'warning'}>
                {words.rights[right]}
              </Badge>
            ))}
        </span>
      ),
    },
    { key: 'until', head: words.columns.until, cell: (permission) => <Until permission={permission} /> },
    {
      key: 'actions',
      head: text.actions,
      headHidden: true,
      numeric: true,
      cell: (permission) => (
        <span className="row row-end">
          <Button look="quiet" onClick={() => onOpen({ what: 'edit', permission })}>
            {text.edit}
          </Button>
          <Button look="quiet" onClick={() => onOpen({ what: 'take', permission })}>
            {words.take}
          </Button>
        </span>
      ),
    },
  ];
}
