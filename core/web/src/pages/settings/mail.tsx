import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { formErrors, problemText } from '~/api/problem';
import { useSession } from '~/app/session';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { SelectField, TextArea, TextField } from '~/ui/field';
import { Card, Note } from '~/ui/parts';
import { FormEnd, type SectionProps, useSave } from './save';

type Security = Schemas['MailSettings']['security'];
type Entries = {
  host: string;
  port: string;
  security: Security;
  username: string;
  from: string;
  from_name: string;
  ca_certificate: string;
  /** Empty: the stored one stays. */
  password: string;
};

const names = [
  'host',
  'port',
  'security',
  'username',
  'from',
  'from_name',
  'ca_certificate',
  'password',
] as const;
const securities = ['starttls', 'tls', 'none'] as const;

function entriesOf(mail: Schemas['MailSettings']): Entries {
  const { password_set: _, port, ...rest } = mail;
  return { ...rest, port: String(port), password: '' };
}

function isPort(typed: string): boolean {
  return /^\d{1,5}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= 65_535;
}

export function MailSection({ settings }: SectionProps) {
  const stored = entriesOf(settings.mail);
  const [entries, setEntries] = useState(stored);
  const [portWrong, setPortWrong] = useState(false);
  const save = useSave(settings, () => setEntries((now) => ({ ...now, password: '' })));
  const dirty = names.some((name) => entries[name] !== stored[name]);
  const errors = formErrors(save.error, names);

  function change(changed: Partial<Entries>) {
    setEntries({ ...entries, ...changed });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const { password, port, ...rest } = entries;
    setPortWrong(!isPort(port));
    if (isPort(port)) save.mutate({ mail: { ...rest, port: Number(port), ...(password && { password }) } });
  }

  return (
    <>
      <Card>
        <form className="stack" onSubmit={submit} noValidate>
          <div className="columns">
            <TextField
              label={text.settings.host}
              hint={text.settings.hostHint}
              error={errors['host']}
              spellCheck={false}
              value={entries.host}
              onChange={(event) => change({ host: event.target.value })}
            />
            <TextField
              label={text.settings.port}
              error={portWrong ? text.settings.numberWrong : errors['port']}
              inputMode="numeric"
              value={entries.port}
              onChange={(event) => change({ port: event.target.value })}
            />
          </div>
          <SelectField
            label={text.settings.security}
            error={errors['security']}
            value={entries.security}
            choices={securities.map((value) => ({ value, label: text.settings.securities[value] }))}
            onChoose={(security) => change({ security })}
          />
          {entries.security === 'none' && <Note tone="warning">{text.settings.insecure}</Note>}
          <div className="columns">
            <TextField
              label={text.settings.username}
              hint={text.settings.usernameHint}
              error={errors['username']}
              autoComplete="off"
              spellCheck={false}
              value={entries.username}
              onChange={(event) => change({ username: event.target.value })}
            />
            <TextField
              label={text.settings.password}
              hint={settings.mail.password_set ? text.settings.passwordSet : text.settings.passwordUnset}
              error={errors['password']}
              type="password"
              autoComplete="new-password"
              value={entries.password}
              onChange={(event) => change({ password: event.target.value })}
            />
          </div>
          {settings.mail.password_set && (
            <div className="row">
              <Button onClick={() => save.mutate({ mail: { password: null } })}>
                {text.settings.forgetPassword}
              </Button>
            </div>
          )}
          <div className="columns">
            <TextField
              label={text.settings.from}
              error={errors['from']}
              type="email"
              autoComplete="off"
              value={entries.from}
              onChange={(event) => change({ from: event.target.value })}
            />
            <TextField
              label={text.settings.fromName}
              error={errors['from_name']}
              autoComplete="off"
              value={entries.from_name}
              onChange={(event) => change({ from_name: event.target.value })}
            />
          </div>
          {entries.security !== 'none' && (
            <TextArea
              label={text.settings.authority}
              hint={text.settings.authorityHint}
              error={errors['ca_certificate']}
              spellCheck={false}
              value={entries.ca_certificate}
              onChange={(event) => change({ ca_certificate: event.target.value })}
            />
          )}
          <FormEnd dirty={dirty} busy={save.isPending} error={save.error} stray={errors['form']} />
        </form>
      </Card>
      <MailTest />
    </>
  );
}

function MailTest() {
  const { user } = useSession();
  const [to, setTo] = useState(user.email ?? '');
  const test = useMutation({
    mutationFn: () => answer(api.POST('/settings/mail/test', { body: { to: to.trim() } })),
  });
  return (
    <Card title={text.settings.testTitle}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          test.mutate();
        }}
      >
        <TextField
          label={text.settings.testTo}
          hint={text.settings.testHint}
          error={formErrors(test.error, ['to'])['to']}
          type="email"
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
        <div className="row">
          <Button type="submit" busy={test.isPending} disabled={to.trim() === ''}>
            {text.settings.test}
          </Button>
        </div>
        <div role="status">
          {test.isError && <Note tone="danger">{problemText(test.error)}</Note>}
          {test.data && (
            <Note
              tone={test.data.sent ? 'success' : 'danger'}
              title={test.data.sent ? text.settings.testSent : text.settings.testFailed}
            >
              {test.data.detail}
            </Note>
          )}
        </div>
      </form>
    </Card>
  );
}
