import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { problemText } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { text } from '~/text';
import { durationInWords, normalDuration } from '~/text/duration';
import { Button } from '~/ui/button';
import { Note } from '~/ui/parts';
import { complain } from '~/ui/toast';
import { passphraseOf, requestOf } from './checks';
import { type Draft, keepSent, useHeld } from './draft';
import type { Options, Step, StepProps } from './new_message';

type ReviewProps = StepProps & { sites: readonly Schemas['Edge'][] };

/** Everything once more before it goes out. */
export function ReviewStep({ draft, options, problems, sites }: ReviewProps) {
  const site = sites.find((each) => each.id === draft.site);
  const words = text.compose;
  return (
    <div className="stack">
      <p className="dim">{words.reviewLead}</p>
      {problems.files && <Note tone="info">{problems.files}</Note>}
      <dl className="review">
        <Row name={words.text} step="compose">
          {draft.text === '' ? text.none : <span className="review-text">{draft.text}</span>}
        </Row>
        <Row name={words.fields} step="compose">
          {draft.fields.map((field) => field.name).join(', ') || text.none}
        </Row>
        <Row name={words.files} step="compose">
          {filesText(draft)}
        </Row>
        <Row name={words.life} step="compose">
          {durationInWords(normalDuration(draft.life))}, {words.viewsCount(Number(draft.views)).toLowerCase()}
        </Row>
        <Row name={words.site} step="recipient">
          {site?.name ?? draft.site}
        </Row>
        <Row name={text.message.facts.to} step="recipient">
          {recipientText(draft)}
        </Row>
        <Row name={words.protection} step="protection">
          {protectionText(draft)}
        </Row>
        <Row name={words.options} step="protection">
          {optionsText(draft, options)}
        </Row>
      </dl>
    </div>
  );
}

function Row({ name, step, children }: { name: string; step: Step; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
      <dd>
        <Link to="/messages/new" search={{ step }} aria-label={text.compose.changeStep(name)}>
          {text.compose.change}
        </Link>
      </dd>
    </div>
  );
}

function filesText({ files }: Draft): string {
  if (files.length === 0) return text.none;
  return text.compose.fileCount(
    files.length,
    files.reduce((sum, each) => sum + each.file.size, 0),
  );
}

function recipientText(draft: Draft): string {
  const to = draft.to.trim();
  if (to === '') return text.compose.linkOnly;
  return draft.toName.trim() ? `${draft.toName.trim()}, ${to}` : to;
}

function protectionText(draft: Draft): string {
  if (draft.protection === 'none') return text.compose.withNone;
  const kind = draft.protection === 'words' ? text.compose.withWords : text.compose.withTyped;
  return `${kind}, ${text.compose.reviewAttempts(Number(draft.attempts))}`;
}

function optionsText(draft: Draft, options: Options): string {
  const told = draft.notify && options.mail_configured ? text.compose.told : text.compose.notTold;
  const name = draft.showSender ? text.compose.nameShown : text.compose.nameHidden;
  const grace = draft.grace === '0s' ? undefined : text.compose.reviewGrace(draft.grace);
  return [grace, name, told].filter(Boolean).join(', ');
}

/** Sends the message. What the core refuses stays in the wizard, with the reason. */
export function SendButton({ draft, options, problems }: StepProps) {
  const { idempotencyKey } = useHeld();
  const send = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/messages', {
          params: { header: { 'Idempotency-Key': idempotencyKey } },
          body: requestOf(draft, options),
        }),
      ),
    onSuccess: (created) => {
      const to = draft.to.trim();
      keepSent({
        id: created.id,
        url: created.url,
        expiresAt: created.expires_at,
        to,
        passphrase: passphraseOf(draft),
      });
      void queryClient.invalidateQueries({ queryKey: ['messages'] });
    },
    onError: (error) => complain(text.compose.failed, problemText(error)),
  });
  return (
    <Button
      look="primary"
      busy={send.isPending}
      disabled={Object.keys(problems).length > 0}
      onClick={() => send.mutate()}
    >
      {draft.to.trim() === '' ? text.compose.create : text.compose.send}
    </Button>
  );
}
