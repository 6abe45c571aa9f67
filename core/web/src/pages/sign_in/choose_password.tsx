import { getRouteApi, useRouter } from '@tanstack/react-router';
import { Mark } from '~/app/header';
import { ownPath } from '~/app/own_path';
import { enter } from '~/app/session';
import { text } from '~/text';
import { PasswordForm } from '../account/password_form';
import './sign_in.css';

const route = getRouteApi('/choose-password');

/** The first sign-in with a one-time password ends here, and nowhere else. */
export function ChoosePasswordPage() {
  const { from } = route.useSearch();
  const router = useRouter();
  return (
    <main className="alone">
      <title>{`${text.password.forcedTitle} · ${text.product}`}</title>
      <div className="sign-in">
        <Mark />
        <div>
          <h1>{text.password.forcedTitle}</h1>
          <p className="dim">{text.password.forcedLead}</p>
        </div>
        <PasswordForm
          oneTime
          onChanged={(session) => {
            enter(session);
            void router.navigate({ href: ownPath(from), replace: true });
          }}
        />
      </div>
    </main>
  );
}
