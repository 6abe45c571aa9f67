import {
  Ban,
  CircleCheck,
  CircleX,
  Clock,
  Eye,
  FilePlus2,
  Flame,
  HelpCircle,
  KeyRound,
  Mail,
  MailWarning,
  MailX,
} from 'lucide-react';
import type { ReactElement } from 'react';
import type { Schemas } from '~/api/client';
import { When } from '~/app/now';
import { text } from '~/text';
import { exactTime } from '~/text/format';
import './timeline.css';

type Event = Schemas['MessageEvent'];

const icons: Record<Event['code'], ReactElement> = {
  'message.created': <FilePlus2 aria-hidden="true" />,
  'message.live': <CircleCheck aria-hidden="true" />,
  'message.viewed': <Eye aria-hidden="true" />,
  'message.refused': <KeyRound aria-hidden="true" />,
  'message.destroyed': <Flame aria-hidden="true" />,
  'message.expired': <Clock aria-hidden="true" />,
  'message.revoked': <Ban aria-hidden="true" />,
  'message.lost': <HelpCircle aria-hidden="true" />,
  'message.failed': <CircleX aria-hidden="true" />,
  'mail.sent': <Mail aria-hidden="true" />,
  'mail.delayed': <MailWarning aria-hidden="true" />,
  'mail.failed': <MailX aria-hidden="true" />,
  'notice.sent': <Mail aria-hidden="true" />,
};

function reasonOf(event: Event): string | undefined {
  if (event.reason === null) return undefined;
  const known = Object.entries(text.reasons).find(([reason]) => reason === event.reason);
  return known?.[1] ?? event.reason;
}

function leftOf(event: Event): string | undefined {
  if (event.left === null) return undefined;
  return event.code === 'message.refused'
    ? text.message.triesLeft(event.left)
    : text.message.viewsLeft(event.left);
}

/** What more is known of an event: why, what is left, from where. */
export function detailOf(event: Event): string {
  const network = event.source === null ? undefined : text.message.fromNetwork(event.source);
  return [reasonOf(event), leftOf(event), network].filter(Boolean).join(' · ');
}

/** What happened to a message, oldest first. */
export function Timeline({ events }: { events: readonly Event[] }) {
  return (
    <ol className="timeline">
      {events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events are only ever added at the end
        <li key={index} className={`timeline-event timeline-${event.code.replace('.', '-')}`}>
          {icons[event.code]}
          <div>
            <strong>{text.message.events[event.code]}</strong>
            {detailOf(event) && <span className="dim"> · {detailOf(event)}</span>}
          </div>
          <span className="timeline-when">
            <When at={event.at} />
            <span className="dim">{exactTime(new Date(event.at))}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
