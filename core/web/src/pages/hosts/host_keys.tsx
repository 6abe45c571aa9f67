import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, done, type Schemas } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { sightingsQuery } from '~/api/session_queries';
import { When } from '~/app/now';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { Badge } from '~/ui/badge';
import { Button } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Card, LoadFailed, Note } from '~/ui/parts';
import { complain, say } from '~/ui/toast';
import type { Host } from './host_entries';

type Sighting = Schemas['HostKeySighting'];
type Decision = 'trust' | 'dismiss';

/** The keys that the host may show, and those it showed that nobody has decided on. */
export function HostKeys({ host }: { host: Host }) {
  const administrator = useIsAdministrator();
  const words = text.hosts.keys;
  return (
    <Card title={words.title}>
      <p className="dim">{words.lead}</p>
      {administrator && <Sightings host={host} />}
      {host.host_keys.length === 0 && <p>{host.first_use ? words.empty : words.emptyPinned}</p>}
      <ul className="key-list">
        {host.host_keys.map((key, index) => (
          <li key={key}>
            <div className="row">
              <Badge tone="success">{words.trustedState}</Badge>
              <span>{kindOf(key)}</span>
            </div>
            <code title={key}>{host.host_key_fingerprints[index]}</code>
          </li>
        ))}
      </ul>
      {host.host_cas.length > 0 && (
        <div className="stack">
          <h3>{words.authorities}</h3>
          {host.host_cas.map((key) => (
            <code key={key} className="key-whole">
              {key}
            </code>
          ))}
        </div>
      )}
    </Card>
  );
}

/** The first word of a key in OpenSSH's form, such as `ssh-ed25519`. */
function kindOf(key: string): string {
  return key.split(' ')[0] ?? '';
}

const tones = { first_use: 'info', unknown: 'warning', changed: 'danger' } as const;

function Sightings({ host }: { host: Host }) {
  const sightings = useQuery(sightingsQuery(host.id));
  const [doubted, setDoubted] = useState<Sighting | null>(null);
  const decide = useDecision(host, () => setDoubted(null));
  const words = text.hosts.keys;
  const changed = sightings.data?.some((sighting) => sighting.verdict === 'changed') ?? false;
  return (
    <>
      {changed && (
        <Note tone="danger" title={words.changedTitle}>
          {words.changedText}
        </Note>
      )}
      {sightings.isError && !sightings.data && (
        <LoadFailed error={sightings.error} onRetry={() => void sightings.refetch()} />
      )}
      {sightings.data && sightings.data.length > 0 && (
        <ul className="key-list key-list-open">
          {sightings.data.map((sighting) => (
            <li key={sighting.id}>
              <SightingShown sighting={sighting} />
              <div className="row">
                <Button onClick={() => setDoubted(sighting)}>{words.trust}</Button>
                <Button
                  look="quiet"
                  busy={decide.isPending}
                  onClick={() => decide.mutate({ sighting, decision: 'dismiss' })}
                >
                  {words.refuse}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      <Confirm
        open={doubted !== null}
        title={words.trustTitle}
        consequence={
          <>
            <p>{words.trustText(doubted?.fingerprint ?? '')}</p>
            {doubted?.verdict === 'changed' && <p>{words.replaces}</p>}
          </>
        }
        action={words.trust}
        busy={decide.isPending}
        onConfirm={() => doubted && decide.mutate({ sighting: doubted, decision: 'trust' })}
        onClose={() => setDoubted(null)}
      />
    </>
  );
}

function SightingShown({ sighting }: { sighting: Sighting }) {
  const words = text.hosts.keys;
  return (
    <>
      <div className="row">
        <Badge tone={tones[sighting.verdict]}>{words.verdicts[sighting.verdict]}</Badge>
        <span>{kindOf(sighting.key)}</span>
        <span className="dim">
          {words.seen} <When at={sighting.seen_at} />
        </span>
        <Link to="/sessions/$id" params={{ id: sighting.session }}>
          {words.theSession}
        </Link>
      </div>
      <code title={sighting.key}>{sighting.fingerprint}</code>
    </>
  );
}

function useDecision(host: Host, onDone: () => void) {
  return useMutation({
    mutationFn: ({ sighting, decision }: { sighting: Sighting; decision: Decision }) =>
      done(api.POST('/host-keys/{id}', { params: { path: { id: sighting.id } }, body: { decision } })),
    onSuccess: (_, { decision }) => {
      say(decision === 'trust' ? text.hosts.keys.trusted : text.hosts.keys.refused);
      onDone();
    },
    onError: (error) => complain(problemText(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['host', host.id] }),
  });
}
