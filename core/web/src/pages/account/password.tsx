import { useNavigate } from '@tanstack/react-router';
import { enter } from '~/app/session';
import { text } from '~/text';
import { Card, Page } from '~/ui/parts';
import { say } from '~/ui/toast';
import { PasswordForm } from './password_form';

export function PasswordPage() {
  const navigate = useNavigate();
  return (
    <Page title={text.password.title} narrow>
      <Card>
        <PasswordForm
          onChanged={(session) => {
            enter(session);
            say(text.password.changed);
            void navigate({ to: '/messages' });
          }}
        />
      </Card>
    </Page>
  );
}
