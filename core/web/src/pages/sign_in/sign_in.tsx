import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '~/api/client';
import { Problem, problemText } from '~/api/problem';
import { Mark } from '~/app/header';
import { ownPath } from '~/app/own_path';
import { enter } from '~/app/session';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { TextField } from '~/ui/field';
import { Note } from '~/ui/parts';
import './sign_in.css';

const route = getRouteApi('/sign-in');

function refusalText(error: unknown): string {
  const wrong = error instanceof Problem && error.code === 'unauthenticated';
  return wrong ? text.signIn.refused : problemText(error);
}

export function SignInPage() {
  const { from } = route.useSearch();
  const router = useRouter();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');

  const signIn = useMutation({
    mutationFn: () => answer(api.POST('/session', { body: { login, password } }), { atSignIn: true }),
    onSuccess: async (session) => {
      enter(session);
      if (session.must_change_password)
        await router.navigate({ to: '/choose-password', search: { from }, replace: true });
      else await router.navigate({ href: ownPath(from), replace: true });
    },
    onError: () => setPassword(''),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (login && password) signIn.mutate();
  }

  return (
    <main className="alone">
      <title>{`${text.signIn.title} · ${text.product}`}</title>
      <form className="sign-in" onSubmit={submit}>
        <Mark />
        <div>
          <h1>{text.product}</h1>
          <p className="dim">{text.signIn.lead}</p>
        </div>
        {from && !signIn.isError && <Note tone="info">{text.signIn.ended}</Note>}
        {signIn.isError && <Note tone="danger">{refusalText(signIn.error)}</Note>}
        <TextField
          label={text.signIn.login}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
        <TextField
          label={text.signIn.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" busy={signIn.isPending}>
          {text.signIn.submit}
        </Button>
        <p className="sign-in-help">{text.signIn.disclosed}</p>
      </form>
    </main>
  );
}
