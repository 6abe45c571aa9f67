import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { api, done } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { hostQuery } from '~/api/remote_queries';
import { When } from '~/app/now';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { BackLink } from '~/ui/back';
import { IconButton } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Menu, MenuItem } from '~/ui/menu';
import { Awaited, Card, Facts, Note, Page } from '~/ui/parts';
import { complain, say } from '~/ui/toast';
import { SessionsOf } from '../host_sessions/sessions_of';
import { Permissions } from '../permissions/permissions';
import { Connect } from './connect';
import type { Host } from './host_entries';
import { EditHost } from './host_form';
import { HostKeys } from './host_keys';
import { Tags } from './hosts';
import { TypeIcon } from './type_icon';
import './hosts.css';

const route = getRouteApi('/app/hosts/$id');

export function HostPage() {
  const { id } = route.useParams();
  const host = useQuery(hostQuery(id));
  if (host.data) return <HostShown host={host.data} />;
  return (
    <Page title={text.hosts.title}>
      <BackLink to="/hosts">{text.hosts.back}</BackLink>
      <Awaited of={host} />
    </Page>
  );
}

function HostShown({ host }: { host: Host }) {
  const administrator = useIsAdministrator();
  const mayChange = administrator || host.rights.includes('change');
  const words = text.hosts;
  return (
    <Page
      title={host.name}
      lead={`${host.address} · ${words.protocols[host.protocol]} · ${host.port}`}
      actions={
        <>
          {mayChange && <HostActions host={host} />}
          <Connect host={host} look="primary" />
        </>
      }
    >
      <BackLink to="/hosts">{words.back}</BackLink>
      {host.protocol !== 'ssh' && <Note tone="info">{words.onlySsh}</Note>}
      <Card title={words.details}>
        <Facts facts={factsOf(host)} />
      </Card>
      {host.protocol === 'ssh' && <HostKeys host={host} />}
      <SessionsOf filter={{ host: host.id }} />
      {administrator && <Permissions kind="hosts" id={host.id} />}
    </Page>
  );
}

function factsOf(host: Host) {
  const words = text.hosts;
  return [
    [
      words.site,
      <Link key="site" to="/remote-sites/$id" params={{ id: host.site.id }}>
        {host.site.name}
      </Link>,
    ],
    [
      words.type,
      <span key="type" className="row">
        <TypeIcon host={host} />
        {host.type || text.unknown}
      </span>,
    ],
    [words.os, host.operating_system || text.unknown],
    [words.folder, host.folder || words.topFolder],
    [words.tags, host.tags.length > 0 ? <Tags key="tags" tags={host.tags} /> : text.none],
    [words.facts.created, <When key="created" at={host.created_at} />],
    [words.facts.changed, <When key="changed" at={host.changed_at} />],
    ...(host.notes ? [[words.notes, host.notes] as const] : []),
  ] as const;
}

function HostActions({ host }: { host: Host }) {
  const [open, setOpen] = useState<'nothing' | 'edit' | 'remove'>('nothing');
  const navigate = useNavigate();
  const close = () => setOpen('nothing');
  const remove = useMutation({
    mutationFn: () => done(api.DELETE('/hosts/{id}', { params: { path: { id: host.id } } })),
    onSuccess: async () => {
      say(text.hosts.removed);
      await navigate({ to: '/hosts' });
    },
    onError: (error) => {
      complain(problemText(error));
      close();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['hosts'] }),
  });
  return (
    <>
      <Menu
        trigger={
          <IconButton label={text.actionsFor(host.name)}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem onSelect={() => setOpen('edit')}>{text.edit}</MenuItem>
        <MenuItem danger onSelect={() => setOpen('remove')}>
          {text.hosts.remove}
        </MenuItem>
      </Menu>
      {open === 'edit' && <EditHost host={host} onClose={close} />}
      <Confirm
        open={open === 'remove'}
        title={text.hosts.removeTitle(host.name)}
        consequence={<p>{text.hosts.removeText}</p>}
        action={text.hosts.remove}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={close}
      />
    </>
  );
}
