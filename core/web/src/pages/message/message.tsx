import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { problemText } from '~/api/problem';
import { isOver, messageQuery, queryClient } from '~/api/queries';
import { When } from '~/app/now';
import { text } from '~/text';
import { BackLink } from '~/ui/back';
import { Button } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Awaited, Card, Facts, Note, Page } from '~/ui/parts';
import { complain, say } from '~/ui/toast';
import { reasonText, StateBadge } from '../messages/state';
import { Timeline } from './timeline';

const route = getRouteApi('/app/messages/$id');

type Message = Schemas['MessageDetail'];

export function MessagePage() {
  const { id } = route.useParams();
  const message = useQuery(messageQuery(id));
  if (message.data) return <MessageShown message={message.data} />;
  return (
    <Page title={text.message.title}>
      <BackLink to="/messages">{text.message.back}</BackLink>
      <Awaited of={message} />
    </Page>
  );
}

const noteTones = {
  queued: 'info',
  live: 'success',
  viewed: 'info',
  destroyed: 'info',
  expired: 'info',
  revoked: 'info',
  lost: 'danger',
  failed: 'danger',
} as const;

function MessageShown({ message }: { message: Message }) {
  const reason = reasonText(message);
  return (
    <Page
      title={message.subject || text.messages.untitled}
      lead={<StateBadge state={message.state} />}
      actions={!isOver(message) && <Destroy id={message.id} />}
    >
      <BackLink to="/messages">{text.message.back}</BackLink>
      <Note
        tone={noteTones[message.state]}
        {...(reason && { title: `${text.states[message.state]}: ${reason}` })}
      >
        {text.message.about[aboutOf(message)]}
      </Note>
      {message.mail === 'failed' && (
        <Note tone="warning" title={text.message.facts.mail}>
          {text.message.mail.failed}
        </Note>
      )}
      <Card title={text.message.settings}>
        <Facts facts={factsOf(message)} />
      </Card>
      <Card title={text.message.timeline}>
        <Timeline events={message.events} />
      </Card>
    </Page>
  );
}

function aboutOf({ state, views_left }: Message): keyof typeof text.message.about {
  return state === 'viewed' && views_left === 0 ? 'viewedLast' : state;
}

function passphraseFact(message: Message): string {
  if (!message.has_passphrase) return text.message.facts.noPassphrase;
  return message.attempts_left === null ? text.yes : text.message.facts.attempts(message.attempts_left);
}

function factsOf(message: Message) {
  const words = text.message.facts;
  const recipient = [message.to_name, message.to].filter(Boolean).join(', ');
  const ended = message.ended_at && ([words.ended, <When key="ended" at={message.ended_at} />] as const);
  const viewed =
    message.first_viewed_at &&
    ([words.firstViewed, <When key="viewed" at={message.first_viewed_at} />] as const);
  return [
    [words.to, recipient || text.messages.noRecipient],
    [words.sender, message.sender.name || message.sender.login],
    [words.site, message.site.name],
    [words.created, <When key="created" at={message.created_at} />],
    [words.live, message.live_at ? <When key="live" at={message.live_at} /> : text.never],
    ...(viewed ? [viewed] : []),
    ended || ([words.expires, <When key="expires" at={message.expires_at} />] as const),
    [words.views, text.messages.viewsLeft(message.views_left, message.views)],
    [words.passphrase, passphraseFact(message)],
    [words.content, words.files(message.files, message.size)],
    [words.mail, text.message.mail[message.mail]],
    [words.notify, message.notify ? text.yes : text.no],
    [words.language, languageName(message.language)],
  ] as const;
}

function languageName(code: string): string {
  const found = Object.entries(text.languages).find(([language]) => language === code);
  return found?.[1] ?? code;
}

function Destroy({ id }: { id: string }) {
  const [asking, setAsking] = useState(false);
  const destroy = useMutation({
    mutationFn: () => answer(api.DELETE('/messages/{id}', { params: { path: { id } } })),
    onSuccess: (message) => {
      queryClient.setQueryData(messageQuery(id).queryKey, message);
      setAsking(false);
      say(text.message.destroyed);
    },
    onError: (error) => complain(problemText(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['messages'] }),
  });
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {text.message.destroy}
      </Button>
      <Confirm
        open={asking}
        title={text.message.destroyTitle}
        consequence={<p>{text.message.destroyText}</p>}
        action={text.message.destroyNow}
        busy={destroy.isPending}
        onConfirm={() => destroy.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
