import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, done } from '~/api/client';
import { problemText } from '~/api/problem';
import { edgesQuery, queryClient } from '~/api/queries';
import { When } from '~/app/now';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { BackLink } from '~/ui/back';
import { Button } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { TextField } from '~/ui/field';
import { Light } from '~/ui/light';
import { Awaited, Card, EmptyState, Facts, Page } from '~/ui/parts';
import { complain, say } from '~/ui/toast';
import { CertificateDays, lightOf, reasonOf, Skew } from './facts';
import { KitDialog } from './kit';
import type { Edge } from './sites';

const route = getRouteApi('/app/sites/$id');

/** One site. It is taken from the list, which is small and kept fresh for the header anyway. */
export function SitePage() {
  const { id } = route.useParams();
  const sites = useQuery(edgesQuery);
  const site = sites.data?.find((each) => each.id === id);
  if (site) return <SiteShown site={site} />;
  return (
    <Page title={text.sites.title}>
      <BackLink to="/sites">{text.sites.back}</BackLink>
      {!sites.data && <Awaited of={sites} />}
      {sites.isSuccess && <EmptyState title={text.notFoundTitle}>{text.problems.not_found}</EmptyState>}
    </Page>
  );
}

function SiteShown({ site }: { site: Edge }) {
  const administrator = useIsAdministrator();
  return (
    <Page title={site.name} lead={site.public_url} actions={administrator && <SiteActions site={site} />}>
      <BackLink to="/sites">{text.sites.back}</BackLink>
      <Card>
        <div className="row">
          <Light colour={lightOf(site)} />
          <span>{reasonOf(site)}</span>
        </div>
        <Facts facts={factsOf(site)} />
      </Card>
    </Page>
  );
}

function factsOf(site: Edge) {
  const { facts, columns } = text.sites;
  return [
    [columns.contact, site.last_contact ? <When key="contact" at={site.last_contact} /> : text.never],
    [text.sites.waitingItems, String(site.items_waiting)],
    [text.sites.waitingEvents, site.events_waiting === null ? text.unknown : String(site.events_waiting)],
    [columns.skew, <Skew key="skew" site={site} />],
    [columns.certificate, <CertificateDays key="certificate" site={site} />],
    [columns.version, site.version ?? text.unknown],
    [facts.kind, text.sites.kinds[site.kind]],
    [facts.enrolment, text.sites.states[site.state]],
    [facts.publicUrl, site.public_url],
    ...(site.intake_url ? [[facts.intakeUrl, site.intake_url] as const] : []),
  ] as const;
}

function SiteActions({ site }: { site: Edge }) {
  return (
    <>
      {site.state === 'waiting' ? <NewKit site={site} /> : <Rotate site={site} />}
      <Remove site={site} />
    </>
  );
}

function NewKit({ site }: { site: Edge }) {
  const kit = useMutation({
    mutationFn: () => answer(api.POST('/edges/{id}/kit', { params: { path: { id: site.id } } })),
    onError: (error) => complain(problemText(error)),
  });
  return (
    <>
      <Button busy={kit.isPending} onClick={() => kit.mutate()}>
        {text.sites.kitNew}
      </Button>
      {kit.data && (
        <KitDialog name={site.name} kind={site.kind} kit={kit.data.kit} onClose={() => kit.reset()} />
      )}
    </>
  );
}

function refreshSites() {
  return queryClient.invalidateQueries({ queryKey: edgesQuery.queryKey });
}

function Rotate({ site }: { site: Edge }) {
  const [asking, setAsking] = useState(false);
  const rotate = useMutation({
    mutationFn: () => answer(api.POST('/edges/{id}/rotate', { params: { path: { id: site.id } } })),
    onSuccess: () => {
      say(text.sites.rotated);
      setAsking(false);
    },
    onError: (error) => complain(problemText(error)),
    onSettled: refreshSites,
  });
  return (
    <>
      <Button onClick={() => setAsking(true)}>{text.sites.rotate}</Button>
      <Confirm
        open={asking}
        title={text.sites.rotateTitle}
        consequence={<p>{text.sites.rotateText}</p>}
        action={text.sites.rotate}
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

function Remove({ site }: { site: Edge }) {
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => done(api.DELETE('/edges/{id}', { params: { path: { id: site.id } } })),
    onSuccess: async () => {
      say(text.sites.removed);
      await navigate({ to: '/sites' });
    },
    onError: (error) => complain(problemText(error)),
    onSettled: refreshSites,
  });
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {text.sites.remove}
      </Button>
      <Confirm
        open={asking}
        title={text.sites.removeTitle(site.name)}
        consequence={
          <>
            <p>{text.sites.removeText}</p>
            <TextField
              label={text.sites.removeType(site.name)}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </>
        }
        action={text.sites.remove}
        busy={remove.isPending}
        blocked={typed.trim() !== site.name}
        onConfirm={() => remove.mutate()}
        onClose={() => {
          setAsking(false);
          setTyped('');
        }}
      />
    </>
  );
}
