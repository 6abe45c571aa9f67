import { useMutation, useQuery } from '@tanstack/react-query';
import { SquareTerminal } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { answer, api } from '~/api/client';
import { formErrors } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { usableQuery } from '~/api/remote_queries';
import { text } from '~/text';
import { Button, ButtonLink } from '~/ui/button';
import { Dialog } from '~/ui/dialog';
import { DialogFormEnd } from '~/ui/dialog_form';
import { SelectField, TextField } from '~/ui/field';
import { Awaited, Note } from '~/ui/parts';
import { say } from '~/ui/toast';
import { planOf, type Usable, wantsReason } from './connect_plan';
import type { Host } from './host_entries';

type ConnectProps = { host: Host; look?: 'primary' | 'plain' };
type Order = { credential: string; reason: string };

/**
 * Opens a session with a host in a new tab. Asks only what the core cannot know by itself: which of several credentials,
 * and why where the site asks for a reason.
 */
export function Connect({ host, look = 'plain' }: ConnectProps) {
  const [asking, setAsking] = useState(false);
  const order = useOrder(host, () => setAsking(false));
  const begin = useMutation({
    mutationFn: () => queryClient.fetchQuery(usableQuery(host.id)),
    onSuccess: (usable) => {
      const plan = planOf(usable);
      if (plan.kind === 'go') order.mutate({ credential: plan.credential, reason: '' });
      else setAsking(true);
    },
    onError: () => setAsking(true),
  });
  if (host.protocol !== 'ssh' || !host.rights.includes('use')) return null;
  // An order that was refused, or whose tab was not let open, needs the dialog to say so.
  const open = asking || order.isError || order.data !== undefined;
  function close() {
    setAsking(false);
    order.reset();
  }
  return (
    <>
      <Button
        look={look}
        icon={<SquareTerminal aria-hidden="true" />}
        busy={begin.isPending || (order.isPending && !asking)}
        aria-label={text.connect.actionTo(host.name)}
        onClick={() => begin.mutate()}
      >
        {text.connect.action}
      </Button>
      {open && <ConnectDialog host={host} order={order} onClose={close} />}
    </>
  );
}

/** Orders the session and opens the gateway's page; answers the address where the browser kept the tab shut. */
function useOrder(host: Host, onOpened: () => void) {
  return useMutation({
    mutationFn: async ({ credential, reason }: Order) => {
      const body = { host: host.id, credential, ...(reason && { reason }) };
      const { url } = await answer(api.POST('/connect', { body }));
      return openTab(url) ? undefined : url;
    },
    onSuccess: (left) => {
      if (left !== undefined) return;
      say(text.connect.opened);
      onOpened();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['host-sessions'] }),
    // The address holds the ticket's secret.
    gcTime: 0,
  });
}

/** False when the browser keeps new tabs shut. */
function openTab(url: string): boolean {
  const tab = window.open(url, '_blank');
  if (tab === null) return false;
  tab.opener = null;
  return true;
}

type DialogProps = { host: Host; order: ReturnType<typeof useOrder>; onClose: () => void };

function ConnectDialog({ host, order, onClose }: DialogProps) {
  const usable = useQuery(usableQuery(host.id));
  return (
    <Dialog open keep title={text.connect.title(host.name)} onClose={onClose}>
      {order.data === undefined ? (
        <>
          {!usable.data && <Awaited of={usable} />}
          {usable.data?.length === 0 && <NoCredential onClose={onClose} />}
          {usable.data && usable.data.length > 0 && (
            <OrderForm usable={usable.data} order={order} onClose={onClose} />
          )}
        </>
      ) : (
        <OpenByHand url={order.data} onOpened={onClose} />
      )}
    </Dialog>
  );
}

function OpenByHand({ url, onOpened }: { url: string; onOpened: () => void }) {
  const words = text.connect;
  return (
    <>
      <Note tone="warning" title={words.blocked}>
        {words.blockedText}
      </Note>
      <div className="row row-end">
        <a
          className="button button-primary"
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          onClick={onOpened}
        >
          {words.openNow}
        </a>
      </div>
    </>
  );
}

function NoCredential({ onClose }: { onClose: () => void }) {
  const words = text.connect;
  return (
    <>
      <Note tone="warning" title={words.noCredential}>
        {words.noCredentialText}
      </Note>
      <div className="row row-end">
        <Button onClick={onClose}>{text.close}</Button>
        <ButtonLink to="/credentials" look="primary">
          {text.credentials.title}
        </ButtonLink>
      </div>
    </>
  );
}

type FormProps = {
  usable: readonly Usable[];
  order: ReturnType<typeof useOrder>;
  onClose: () => void;
};

function OrderForm({ usable, order, onClose }: FormProps) {
  const [chosen, setChosen] = useState('');
  const [reason, setReason] = useState('');
  const words = text.connect;
  const credential = usable.find((each) => each.id === chosen) ?? usable[0];
  const said = formErrors(order.error, ['reason', 'credential']);
  const needed = wantsReason(order.error);
  // That a reason is wanted is no news while none was asked for: the field itself says it.
  const refused = said['form'] ?? said['credential'];

  function submit(event: FormEvent) {
    event.preventDefault();
    if (credential) order.mutate({ credential: credential.id, reason: reason.trim() });
  }

  return (
    <form className="stack" onSubmit={submit} noValidate>
      {refused && (
        <Note tone="danger" title={words.notReady}>
          {refused}
        </Note>
      )}
      {usable.length > 1 && (
        <SelectField
          label={words.credential}
          value={credential?.id ?? ''}
          choices={usable.map((each) => ({ value: each.id, label: words.asLogin(each.login, each.name) }))}
          onChoose={setChosen}
        />
      )}
      <TextField
        label={words.reason}
        optional={needed ? undefined : text.optional}
        hint={words.reasonHint}
        error={said['reason'] && words.reasonMissing}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <DialogFormEnd action={refused ? text.retry : words.action} busy={order.isPending} onClose={onClose} />
    </form>
  );
}
