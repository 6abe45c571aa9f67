import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, done } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { siteQuery } from '~/api/remote_queries';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { BackLink } from '~/ui/back';
import { Button, ButtonLink } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Light } from '~/ui/light';
import { Awaited, Card, Facts, Note, Page } from '~/ui/parts';
import { complain, say } from '~/ui/toast';
import { SessionsOf } from '../host_sessions/sessions_of';
import { Permissions } from '../permissions/permissions';
import { lightOf, limitsOf, Recorded, reasonOf } from './facts';
import type { Site } from './site_entries';
import { SiteSettingsForm } from './site_settings_form';
import './remote_sites.css';

const route = getRouteApi('/app/remote-sites/$id');

export function RemoteSitePage() {
  const { id } = route.useParams();
  const site = useQuery(siteQuery(id));
  if (site.data) return <SiteShown site={site.data} />;
  return (
    <Page title={text.remoteSites.title}>
      <BackLink to="/remote-sites">{text.remoteSites.back}</BackLink>
      <Awaited of={site} />
    </Page>
  );
}

function SiteShown({ site }: { site: Site }) {
  const administrator = useIsAdministrator();
  const words = text.remoteSites;
  return (
    <Page
      title={site.name}
      lead={words.counts(site.hosts, site.credentials)}
      actions={
        <>
          <ButtonLink to="/hosts" search={{ site: site.id }}>
            {words.showHosts}
          </ButtonLink>
          {administrator && <Remove site={site} />}
        </>
      }
    >
      <BackLink to="/remote-sites">{words.back}</BackLink>
      {site.gateways.length === 0 && (
        <Note tone="warning" title={words.noGateway}>
          {words.noGatewayText}
        </Note>
      )}
      <Card title={words.edges}>
        {site.gateways.length === 0 ? <p className="dim">{words.edgesEmpty}</p> : <Gateways site={site} />}
        <Facts
          facts={[
            [words.columns.state, reasonOf(site)],
            [words.columns.limits, limitsOf(site)],
            [words.columns.recording, <Recorded key="recorded" site={site} />],
          ]}
        />
      </Card>
      <SessionsOf filter={{ site: site.id }} />
      {administrator && <Permissions kind="sites" id={site.id} />}
      {(administrator || site.rights.includes('change')) && (
        <Card title={words.settings}>
          <SiteSettingsForm key={site.id} site={site} />
        </Card>
      )}
    </Page>
  );
}

function Gateways({ site }: { site: Site }) {
  return (
    <ul className="stack">
      {site.gateways.map((gateway) => (
        <li key={gateway.id} className="row">
          <Light colour={lightOf({ gateways: [gateway] })} />
          <Link to="/sites/$id" params={{ id: gateway.id }}>
            {gateway.name}
          </Link>
          <span className="dim">{gateway.public_url}</span>
          {gateway.reason && <span className="dim">{gateway.reason}</span>}
        </li>
      ))}
    </ul>
  );
}

function Remove({ site }: { site: Site }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => done(api.DELETE('/sites/{id}', { params: { path: { id: site.id } } })),
    onSuccess: async () => {
      say(text.remoteSites.removed);
      await navigate({ to: '/remote-sites' });
    },
    onError: (error) => {
      complain(problemText(error));
      setAsking(false);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['remote-sites'] }),
  });
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {text.remoteSites.remove}
      </Button>
      <Confirm
        open={asking}
        title={text.remoteSites.removeTitle(site.name)}
        consequence={<p>{text.remoteSites.removeText}</p>}
        action={text.remoteSites.remove}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
