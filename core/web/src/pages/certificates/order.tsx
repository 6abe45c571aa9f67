import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '~/api/client';
import { formErrors } from '~/api/problem';
import { certificateOrdersQuery, queryClient } from '~/api/queries';
import { text } from '~/text';
import { BackLink } from '~/ui/back';
import { Button } from '~/ui/button';
import { Check, OptionCards } from '~/ui/choices';
import { TextArea, TextField } from '~/ui/field';
import { Card, Note, Page } from '~/ui/parts';
import { say } from '~/ui/toast';
import { type Entries, empty, orderOf } from './orders';

const lines = ['directory', 'contact'] as const;
const dnsLines = ['name_server', 'zone', 'hook'] as const;
const moreLines = ['profile', 'external_id'] as const;
const fields = [
  'names',
  ...lines,
  ...dnsLines,
  ...moreLines,
  'dns_key',
  'external_key',
  'ca_roots',
  'challenge',
  'terms_agreed',
] as const;

type Line =
  | (typeof lines)[number]
  | (typeof dnsLines)[number]
  | (typeof moreLines)[number]
  | 'dns_key'
  | 'external_key';

/** Orders a certificate from a public CA for the sites behind its names. */
export function OrderPage() {
  const [entries, setEntries] = useState(empty);
  const navigate = useNavigate();
  const order = useMutation({
    mutationFn: () => answer(api.POST('/certificate-orders', { body: orderOf(entries) })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: certificateOrdersQuery.queryKey });
      say(text.orders.ordered);
      await navigate({ to: '/certificates' });
    },
  });
  const said = formErrors(order.error, fields);
  const set = (change: Partial<Entries>) => setEntries({ ...entries, ...change });
  const words = text.orders.fields;

  function line(name: Line, type: 'text' | 'password' = 'text') {
    return (
      <TextField
        key={name}
        label={words[name].label}
        hint={words[name].hint}
        type={type}
        autoComplete="off"
        spellCheck={false}
        maxLength={2000}
        value={entries[name]}
        error={said[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    );
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    order.mutate();
  }

  return (
    <Page title={text.orders.formTitle} lead={text.orders.formLead} narrow>
      <BackLink to="/certificates">{text.advice.back}</BackLink>
      <Card>
        <form className="stack" onSubmit={submit} noValidate>
          {said['form'] && <Note tone="danger">{said['form']}</Note>}
          <TextArea
            label={words.names.label}
            hint={words.names.hint}
            rows={3}
            spellCheck={false}
            autoCapitalize="none"
            value={entries.names}
            error={said['names']}
            onChange={(event) => set({ names: event.target.value })}
          />
          {lines.map((name) => line(name))}
          <OptionCards
            legend={text.orders.challenge}
            value={entries.challenge}
            options={text.orders.challenges}
            onChoose={(challenge) => set({ challenge })}
          />
          {said['challenge'] && <Note tone="danger">{said['challenge']}</Note>}
          {entries.challenge === 'dns-01' && (
            <>
              {dnsLines.map((name) => line(name))}
              {line('dns_key', 'password')}
            </>
          )}
          <details>
            <summary>{text.orders.more}</summary>
            <div className="stack">
              {moreLines.map((name) => line(name))}
              {line('external_key', 'password')}
              <TextArea
                label={words.ca_roots.label}
                hint={words.ca_roots.hint}
                rows={4}
                spellCheck={false}
                value={entries.ca_roots}
                error={said['ca_roots']}
                onChange={(event) => set({ ca_roots: event.target.value })}
              />
            </div>
          </details>
          <Check
            label={text.orders.terms}
            checked={entries.terms_agreed}
            onCheck={(terms_agreed) => set({ terms_agreed })}
          />
          {said['terms_agreed'] && <Note tone="danger">{said['terms_agreed']}</Note>}
          <div className="row row-end">
            <Button type="submit" look="primary" busy={order.isPending}>
              {text.orders.submit}
            </Button>
          </div>
        </form>
      </Card>
    </Page>
  );
}
