import { Ban, CircleCheck, CircleDashed, CircleX, Clock, Eye, Flame, HelpCircle } from 'lucide-react';
import type { ReactElement } from 'react';
import type { Schemas } from '~/api/client';
import { text } from '~/text';
import { Badge, type Tone } from '~/ui/badge';

type State = Schemas['MessageState'];

const looks: Record<State, { tone: Tone; icon: ReactElement }> = {
  queued: { tone: 'warning', icon: <CircleDashed aria-hidden="true" /> },
  live: { tone: 'success', icon: <CircleCheck aria-hidden="true" /> },
  viewed: { tone: 'info', icon: <Eye aria-hidden="true" /> },
  destroyed: { tone: 'neutral', icon: <Flame aria-hidden="true" /> },
  expired: { tone: 'neutral', icon: <Clock aria-hidden="true" /> },
  revoked: { tone: 'neutral', icon: <Ban aria-hidden="true" /> },
  lost: { tone: 'danger', icon: <HelpCircle aria-hidden="true" /> },
  failed: { tone: 'danger', icon: <CircleX aria-hidden="true" /> },
};

/** The state of a message: shape, word and colour. */
export function StateBadge({ state }: { state: State }) {
  const { tone, icon } = looks[state];
  return (
    <Badge tone={tone} icon={icon}>
      {text.states[state]}
    </Badge>
  );
}

/** Why it ended, where that is not said by the state itself. */
export function reasonText(message: Pick<Schemas['Message'], 'state' | 'reason'>): string | undefined {
  if (message.reason === null || message.state === 'expired' || message.state === 'revoked') return undefined;
  return text.reasons[message.reason];
}
