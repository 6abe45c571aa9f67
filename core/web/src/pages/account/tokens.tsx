import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, done, type Schemas } from '~/api/client';
import { formErrors, problemText } from '~/api/problem';
import { queryClient, tokensQuery } from '~/api/queries';
import { When } from '~/app/now';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { CopyField } from '~/ui/copy';
import { Confirm, Dialog } from '~/ui/dialog';
import { DialogForm } from '~/ui/dialog_form';
import { SelectField, TextField } from '~/ui/field';
import { PagedTable } from '~/ui/list';
import { EmptyState, Page } from '~/ui/parts';
import type { Column } from '~/ui/table';
import { complain, say } from '~/ui/toast';

type Token = Schemas['Token'];

function columns(onRevoke: (token: Token) => void): Column<Token>[] {
  const words = text.tokens.columns;
  return [
    {
      key: 'name',
      head: words.name,
      cell: (token) => (
        <>
          <span className="cell-main">{token.name}</span>
          <span className="cell-more">{text.tokens.scopes[token.scope]}</span>
        </>
      ),
    },
    { key: 'created', head: words.created, wideOnly: true, cell: (token) => <When at={token.created_at} /> },
    {
      key: 'used',
      head: words.used,
      wideOnly: true,
      cell: (token) => (token.last_used_at ? <When at={token.last_used_at} /> : text.never),
    },
    {
      key: 'expires',
      head: words.expires,
      cell: (token) => (token.expires_at ? <When at={token.expires_at} /> : text.never),
    },
    {
      key: 'revoke',
      head: text.actions,
      headHidden: true,
      numeric: true,
      cell: (token) => <Button onClick={() => onRevoke(token)}>{text.tokens.revoke}</Button>,
    },
  ];
}

export function TokensPage() {
  const tokens = useInfiniteQuery(tokensQuery);
  const [adding, setAdding] = useState(false);
  const [doomed, setDoomed] = useState<Token | null>(null);

  const revoke = useMutation({
    mutationFn: (id: string) => done(api.DELETE('/tokens/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      say(text.tokens.revoked);
      setDoomed(null);
    },
    onError: (error) => complain(problemText(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });

  return (
    <Page
      title={text.tokens.title}
      lead={text.tokens.lead}
      actions={
        <Button look="primary" onClick={() => setAdding(true)}>
          {text.tokens.add}
        </Button>
      }
    >
      <PagedTable
        list={tokens}
        caption={text.tokens.caption}
        columns={columns(setDoomed)}
        keyOf={(token) => token.id}
        empty={<EmptyState title={text.tokens.emptyTitle}>{text.tokens.emptyText}</EmptyState>}
      />
      {adding && <NewToken onClose={() => setAdding(false)} />}
      <Confirm
        open={doomed !== null}
        title={text.tokens.revokeTitle(doomed?.name ?? '')}
        consequence={<p>{text.tokens.revokeText}</p>}
        action={text.tokens.revoke}
        busy={revoke.isPending}
        onConfirm={() => doomed && revoke.mutate(doomed.id)}
        onClose={() => setDoomed(null)}
      />
    </Page>
  );
}

const scopes = ['messages:write', 'messages:read', 'admin'] as const;
const lives = ['90d', '30d', '365d', ''] as const;

function NewToken({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Schemas['Scope']>('messages:write');
  const [life, setLife] = useState<(typeof lives)[number]>('90d');
  const [nameMissing, setNameMissing] = useState(false);

  const create = useMutation({
    mutationFn: () =>
      answer(api.POST('/tokens', { body: { name: name.trim(), scope, expires_in: life || null } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  const said = formErrors(create.error, ['name', 'scope', 'expires_in']);

  function submit() {
    setNameMissing(name.trim() === '');
    if (name.trim() !== '') create.mutate();
  }

  if (create.data) {
    return (
      <Dialog
        open
        keep
        title={text.tokens.secretTitle}
        description={text.tokens.secretText}
        onClose={onClose}
      >
        <CopyField label={text.tokens.secret} value={create.data.secret} primary />
        <div className="row row-end">
          <Button onClick={onClose}>{text.done}</Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open keep title={text.tokens.addTitle} onClose={onClose}>
      <DialogForm
        problem={said['form']}
        action={text.tokens.add}
        busy={create.isPending}
        onSubmit={submit}
        onClose={onClose}
      >
        <TextField
          label={text.tokens.name}
          hint={text.tokens.nameHint}
          maxLength={100}
          value={name}
          error={nameMissing ? text.tokens.nameMissing : said['name']}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={text.tokens.scope}
          value={scope}
          choices={scopes.map((value) => ({ value, label: text.tokens.scopes[value] }))}
          error={said['scope']}
          onChoose={setScope}
        />
        <SelectField
          label={text.tokens.life}
          value={life}
          choices={lives.map((value) => ({ value, label: text.tokens.lives[value] }))}
          error={said['expires_in']}
          onChoose={setLife}
        />
      </DialogForm>
    </Dialog>
  );
}
