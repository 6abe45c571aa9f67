import { text } from '~/text';
import { Badge } from '~/ui/badge';
import type { LightColour } from '~/ui/light';
import type { Edge } from './sites';

/** A site that was never enrolled is neither well nor in trouble. */
export function lightOf(site: Edge): LightColour {
  return site.state === 'waiting' ? 'unknown' : site.light;
}

/** Why the light has its colour, in words. */
export function reasonOf(site: Edge): string {
  if (site.reason) return site.reason.charAt(0).toUpperCase() + site.reason.slice(1);
  return site.state === 'waiting' ? text.sites.states.waiting : text.sites.well;
}

const mostSkew = 5_000;
const fewDays = 14;

export function Skew({ site }: { site: Edge }) {
  if (site.clock_skew_ms === null) return text.unknown;
  const words = text.sites.skew(site.clock_skew_ms);
  return Math.abs(site.clock_skew_ms) > mostSkew ? <Badge tone="warning">{words}</Badge> : words;
}

export function CertificateDays({ site }: { site: Edge }) {
  const days = site.certificate_days_left;
  if (days === null) return text.unknown;
  const words = text.sites.certificate(days);
  if (days < 0) return <Badge tone="danger">{words}</Badge>;
  return days <= fewDays ? <Badge tone="warning">{words}</Badge> : words;
}
