import { text } from '~/text';
import { durationInWords } from '~/text/duration';
import { Badge } from '~/ui/badge';
import { Light, type LightColour } from '~/ui/light';
import { minutesAsTyped, type Site } from './site_entries';

const worst = { red: 0, amber: 1, unknown: 2, green: 3 } as const;

/** The light of a remote site is the best of its gateways': one that works is enough. Without one it is none. */
export function lightOf(site: Pick<Site, 'gateways'>): LightColour {
  const lights = site.gateways.map((gateway): LightColour => {
    if (gateway.state === 'removed') return 'red';
    return gateway.state === 'waiting' ? 'unknown' : gateway.light;
  });
  return lights.sort((a, b) => worst[b] - worst[a])[0] ?? 'unknown';
}

/** Why the light has its colour, in words. */
export function reasonOf(site: Site): string {
  if (site.gateways.length === 0) return text.remoteSites.noGateway;
  if (lightOf(site) === 'green') {
    return site.in_maintenance ? text.remoteSites.inMaintenance : text.remoteSites.well;
  }
  const ailing = site.gateways.find((gateway) => gateway.reason !== '');
  if (ailing) return ailing.reason.charAt(0).toUpperCase() + ailing.reason.slice(1);
  return text.sites.states.waiting;
}

export function SiteState({ site }: { site: Site }) {
  return (
    <>
      <Light colour={lightOf(site)} />
      <span className="cell-more">{reasonOf(site)}</span>
    </>
  );
}

export function Recorded({ site }: { site: Site }) {
  if (!site.record) return <Badge tone="neutral">{text.remoteSites.notRecorded}</Badge>;
  return <Badge tone="info">{text.remoteSites.recorded}</Badge>;
}

export function limitsOf(site: Site): string {
  const idle = durationInWords(minutesAsTyped(site.idle_minutes));
  return text.remoteSites.limits(idle, durationInWords(minutesAsTyped(site.total_minutes)));
}
