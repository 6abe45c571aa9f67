import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import type { Schemas } from '~/api/client';
import { isOver, type MessageFilter, messagesQuery } from '~/api/queries';
import { When } from '~/app/now';
import { messageStates } from '~/app/router';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { ButtonLink } from '~/ui/button';
import { FilterChip } from '~/ui/choices';
import { NothingFits, PagedTable, rowsOf } from '~/ui/list';
import { EmptyState, Page } from '~/ui/parts';
import { Search } from '~/ui/search';
import type { Column } from '~/ui/table';
import { reasonText, StateBadge } from './state';
import './messages.css';

const route = getRouteApi('/app/messages');

type Message = Schemas['Message'];

export function MessagesPage() {
  const { state, q, all } = route.useSearch();
  const filter: MessageFilter = {
    ...(state && { state: state.join(',') }),
    ...(q && { q }),
    ...(all && { all }),
  };
  const messages = useInfiniteQuery(messagesQuery(filter));
  const rows = rowsOf(messages);
  const navigate = route.useNavigate();
  const filtered = state !== undefined || q !== undefined;

  return (
    <Page
      title={text.messages.title}
      lead={text.messages.lead}
      actions={
        <ButtonLink to="/messages/new" look="primary">
          <Plus aria-hidden="true" />
          {text.messages.fresh}
        </ButtonLink>
      }
    >
      {(rows.length > 0 || filtered || all) && <Filters />}
      <PagedTable
        list={messages}
        caption={text.messages.caption}
        columns={columns(all === true)}
        keyOf={(message) => message.id}
        empty={
          filtered ? (
            <NothingFits title={text.messages.nothingTitle} onClear={() => void navigate({ search: {} })}>
              {text.messages.nothingText}
            </NothingFits>
          ) : (
            <NoMessageYet />
          )
        }
      />
    </Page>
  );
}

function Filters() {
  const { state, q, all } = route.useSearch();
  const navigate = route.useNavigate();
  const administrator = useIsAdministrator();

  function toggle(toggled: Message['state']) {
    const pressed = state?.includes(toggled) ?? false;
    const next = pressed ? state?.filter((each) => each !== toggled) : [...(state ?? []), toggled];
    void navigate({
      search: (before) => ({ ...before, state: next && next.length > 0 ? next : undefined }),
      replace: true,
    });
  }

  return (
    <div className="messages-filters">
      <fieldset className="row">
        <legend className="visually-hidden">{text.messages.filterLabel}</legend>
        {messageStates.map((each) => (
          <FilterChip
            key={each}
            label={text.states[each]}
            pressed={state?.includes(each) ?? false}
            onToggle={() => toggle(each)}
          />
        ))}
        {administrator && (
          <FilterChip
            label={text.messages.everyone}
            pressed={all === true}
            onToggle={() =>
              void navigate({
                search: (before) => ({ ...before, all: all ? undefined : true }),
                replace: true,
              })
            }
          />
        )}
      </fieldset>
      <Search
        label={text.messages.searchLabel}
        q={q ?? ''}
        onSearch={(wanted) =>
          void navigate({ search: (before) => ({ ...before, q: wanted }), replace: true })
        }
      />
    </div>
  );
}

function NoMessageYet() {
  return (
    <EmptyState
      title={text.messages.emptyTitle}
      action={
        <ButtonLink to="/messages/new" look="primary">
          {text.messages.emptyAction}
        </ButtonLink>
      }
    >
      {text.messages.emptyText}
    </EmptyState>
  );
}

function EndOf({ message }: { message: Message }) {
  if (isOver(message) && message.ended_at) return <When at={message.ended_at} />;
  return <When at={message.expires_at} />;
}

function StateCell({ message }: { message: Message }) {
  const reason = reasonText(message);
  return (
    <>
      <StateBadge state={message.state} />
      {reason && <span className="cell-more messages-reason">{reason}</span>}
    </>
  );
}

function recipientOf(message: Message): string {
  return message.to ?? message.to_name ?? text.messages.noRecipient;
}

function columns(everyone: boolean): Column<Message>[] {
  const words = text.messages.columns;
  const sender: Column<Message> = {
    key: 'sender',
    head: words.sender,
    wideOnly: true,
    cell: (message) => message.sender.name || message.sender.login,
  };
  return [
    {
      key: 'message',
      head: words.message,
      cell: (message) => (
        <>
          <Link to="/messages/$id" params={{ id: message.id }} className="cell-main">
            {message.subject || recipientOf(message)}
          </Link>
          <span className="cell-more">{message.subject ? recipientOf(message) : text.messages.untitled}</span>
        </>
      ),
    },
    { key: 'state', head: words.state, cell: (message) => <StateCell message={message} /> },
    ...(everyone ? [sender] : []),
    {
      key: 'views',
      head: words.views,
      wideOnly: true,
      cell: (message) => text.messages.viewsLeft(message.views_left, message.views),
    },
    { key: 'sent', head: words.sent, wideOnly: true, cell: (message) => <When at={message.created_at} /> },
    { key: 'ends', head: words.ends, cell: (message) => <EndOf message={message} /> },
    { key: 'site', head: words.site, wideOnly: true, cell: (message) => message.site.name },
  ];
}
