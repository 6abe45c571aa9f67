import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hostsQuery } from '~/api/remote_queries';
import { text } from '~/text';
import { rowsOf } from '~/ui/list';
import { isFor } from './patterns';

type MatchingProps = { site: string | null; hosts: readonly string[]; except: readonly string[] };

const shown = 12;

/** Which of the first hundred hosts fit; enough to see whether a pattern says what was meant. */
export function MatchingHosts({ site, hosts, except }: MatchingProps) {
  const found = useInfiniteQuery(hostsQuery(site ? { site } : {}));
  if (hosts.length === 0 || !found.data) return null;
  const fitting = rowsOf(found).filter((host) => isFor(hosts, except, host.name));
  return (
    <p className="dim" role="status">
      {text.credentials.matching(fitting.length, found.hasNextPage)}
      {fitting.slice(0, shown).map((host, index) => (
        <span key={host.id}>
          {index > 0 && ', '}
          <Link to="/hosts/$id" params={{ id: host.id }}>
            {host.name}
          </Link>
        </span>
      ))}
      {fitting.length > shown && '…'}
    </p>
  );
}
