import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, done } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { credentialQuery } from '~/api/remote_queries';
import { When } from '~/app/now';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { BackLink } from '~/ui/back';
import { Button } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Awaited, Card, Facts, Page } from '~/ui/parts';
import { complain, say } from '~/ui/toast';
import { Permissions } from '../permissions/permissions';
import type { Credential } from './credential_entries';
import { EditCredential } from './credential_form';
import { boundTo } from './credentials';
import { MatchingHosts } from './matching_hosts';
import { Reveal } from './reveal';

const route = getRouteApi('/app/credentials/$id');

export function CredentialPage() {
  const { id } = route.useParams();
  const credential = useQuery(credentialQuery(id));
  if (credential.data) return <CredentialShown credential={credential.data} />;
  return (
    <Page title={text.credentials.title}>
      <BackLink to="/credentials">{text.credentials.back}</BackLink>
      <Awaited of={credential} />
    </Page>
  );
}

function CredentialShown({ credential }: { credential: Credential }) {
  const administrator = useIsAdministrator();
  const words = text.credentials;
  return (
    <Page
      title={credential.name}
      lead={words.kinds[credential.kind]}
      actions={
        <>
          {credential.rights.includes('see') && <Reveal credential={credential} />}
          {(administrator || credential.rights.includes('change')) && <Actions credential={credential} />}
        </>
      }
    >
      <BackLink to="/credentials">{words.back}</BackLink>
      <Card>
        <Facts facts={factsOf(credential)} />
      </Card>
      <Card title={words.boundTitle}>
        <p>{boundTo(credential)}</p>
        <MatchingHosts
          site={credential.site?.id ?? null}
          hosts={credential.hosts}
          except={credential.hosts_except}
        />
      </Card>
      {administrator && <Permissions kind="credentials" id={credential.id} />}
    </Page>
  );
}

function factsOf(credential: Credential) {
  const { facts, anySite, certificate, notes } = text.credentials;
  const passphrase = credential.has_passphrase ? text.yes : text.no;
  return [
    [facts.login, <code key="login">{credential.login}</code>],
    [facts.site, credential.site?.name ?? anySite],
    [facts.created, <When key="created" at={credential.created_at} />],
    [facts.changed, <When key="changed" at={credential.changed_at} />],
    ...(credential.kind === 'password' ? [] : [[facts.passphrase, passphrase] as const]),
    ...(credential.certificate
      ? [[certificate, <code key="certificate">{credential.certificate}</code>] as const]
      : []),
    ...(credential.notes ? [[notes, credential.notes] as const] : []),
  ] as const;
}

function Actions({ credential }: { credential: Credential }) {
  const [open, setOpen] = useState<'nothing' | 'edit' | 'remove'>('nothing');
  const navigate = useNavigate();
  const close = () => setOpen('nothing');
  const words = text.credentials;
  const remove = useMutation({
    mutationFn: () => done(api.DELETE('/credentials/{id}', { params: { path: { id: credential.id } } })),
    onSuccess: async () => {
      say(words.removed);
      await navigate({ to: '/credentials' });
    },
    onError: (error) => {
      complain(problemText(error));
      close();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['credentials'] }),
  });
  return (
    <>
      <Button onClick={() => setOpen('edit')}>{text.edit}</Button>
      <Button look="danger" onClick={() => setOpen('remove')}>
        {text.remove}
      </Button>
      {open === 'edit' && <EditCredential credential={credential} onClose={close} />}
      <Confirm
        open={open === 'remove'}
        title={words.removeTitle(credential.name)}
        consequence={<p>{words.removeText}</p>}
        action={words.remove}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={close}
      />
    </>
  );
}
