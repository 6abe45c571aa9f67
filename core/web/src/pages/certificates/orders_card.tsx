import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, done } from '~/api/client';
import { problemText } from '~/api/problem';
import { certificateOrdersQuery, queryClient } from '~/api/queries';
import { When } from '~/app/now';
import { text } from '~/text';
import { Badge } from '~/ui/badge';
import { Button, ButtonLink } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Card, LoadFailed } from '~/ui/parts';
import { type Column, Table } from '~/ui/table';
import { complain, say } from '~/ui/toast';
import { type Order, type Ordered, type OrderRow, rowsOf } from './orders';

/** What is ordered from public CAs, one row for each certificate. */
export function Orders() {
  const orders = useQuery(certificateOrdersQuery);
  const rows = orders.data && rowsOf(orders.data);
  return (
    <Card
      title={text.orders.title}
      actions={<ButtonLink to="/certificates/order">{text.orders.add}</ButtonLink>}
    >
      {orders.isError && !orders.data && (
        <LoadFailed error={orders.error} onRetry={() => void orders.refetch()} />
      )}
      {rows?.length === 0 && <p className="dim">{text.orders.none}</p>}
      {rows && rows.length > 0 && (
        <Table
          caption={text.orders.title}
          columns={columns()}
          rows={rows}
          keyOf={({ order, certificate }) => `${order.id} ${certificate.edge.id}`}
        />
      )}
    </Card>
  );
}

const tones = {
  failed: 'danger',
  requesting: 'neutral',
  ordering: 'neutral',
  installing: 'neutral',
  installed: 'success',
} as const;

function State({ certificate }: { certificate: Ordered }) {
  const { state, problem } = certificate;
  return (
    <>
      <Badge tone={tones[state]}>{text.orders.states[state]}</Badge>
      <span className="cell-more">{state === 'failed' ? problem : text.orders.explained[state]}</span>
    </>
  );
}

function columns(): Column<OrderRow>[] {
  const words = text.orders.columns;
  return [
    {
      key: 'names',
      head: words.names,
      cell: ({ order, certificate }) => (
        <>
          <span className="cell-main">{order.names.join(', ')}</span>
          <span className="cell-more">
            {certificate.edge.name}, {new URL(order.directory).host}
          </span>
        </>
      ),
    },
    { key: 'state', head: words.state, cell: ({ certificate }) => <State certificate={certificate} /> },
    {
      key: 'next',
      head: words.next,
      cell: ({ certificate }) => (certificate.next ? <When at={certificate.next} /> : '–'),
    },
    {
      key: 'until',
      head: words.until,
      wideOnly: true,
      cell: ({ certificate }) => (certificate.not_after ? <When at={certificate.not_after} /> : '–'),
    },
    {
      key: 'actions',
      head: words.actions,
      headHidden: true,
      cell: ({ order }) => (
        <div className="row">
          <Again order={order} />
          <Cancel order={order} />
        </div>
      ),
    },
  ];
}

function refresh() {
  return queryClient.invalidateQueries({ queryKey: certificateOrdersQuery.queryKey });
}

/** Tries again what failed; renews what is well. */
function Again({ order }: { order: Order }) {
  const params = { path: { id: order.id } };
  const failed = order.state === 'failed';
  const begin = useMutation({
    mutationFn: () =>
      answer(
        failed
          ? api.POST('/certificate-orders/{id}/retry', { params })
          : api.POST('/certificate-orders/{id}/renew', { params }),
      ),
    onError: (error) => complain(problemText(error)),
    onSettled: refresh,
  });
  if (order.state !== 'failed' && order.state !== 'installed') return null;
  return (
    <Button busy={begin.isPending} onClick={() => begin.mutate()}>
      {failed ? text.orders.retry : text.orders.renew}
    </Button>
  );
}

function Cancel({ order }: { order: Order }) {
  const [asking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: () => done(api.DELETE('/certificate-orders/{id}', { params: { path: { id: order.id } } })),
    onSuccess: () => say(text.orders.cancelled),
    onError: (error) => complain(problemText(error)),
    onSettled: refresh,
  });
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {text.orders.cancel}
      </Button>
      <Confirm
        open={asking}
        title={text.orders.cancelTitle(order.names.join(', '))}
        consequence={<p>{text.orders.cancelText}</p>}
        action={text.orders.cancel}
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
