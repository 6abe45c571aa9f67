import { useState } from 'react';
import type { FieldErrors } from '~/api/problem';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { TextArea, TextField } from '~/ui/field';
import { FileButton } from '~/ui/file_button';
import { complain } from '~/ui/toast';
import type { CredentialEntries } from './credential_entries';

type SecretFieldsProps = {
  entries: CredentialEntries;
  errors: FieldErrors;
  /** The core has a secret of this kind: what stays empty stays as it is. */
  kept: boolean;
  onChange: (changed: Partial<CredentialEntries>) => void;
};

/** The secret of the kind that is chosen. */
export function SecretFields(props: SecretFieldsProps) {
  const { entries, errors, kept, onChange } = props;
  const words = text.credentials;
  if (entries.kind === 'password') {
    return (
      <HiddenField
        label={words.password}
        hint={kept ? words.secretKept : undefined}
        error={errors['password']}
        value={entries.password}
        onChange={(password) => onChange({ password })}
      />
    );
  }
  return (
    <>
      <KeyArea {...props} />
      <HiddenField
        label={words.passphrase}
        optional={text.optional}
        error={errors['passphrase']}
        value={entries.passphrase}
        onChange={(passphrase) => onChange({ passphrase })}
      />
      {entries.kind === 'certificate' && (
        <TextArea
          label={words.certificate}
          hint={kept ? words.secretKept : words.certificateHint}
          error={errors['certificate']}
          rows={3}
          spellCheck={false}
          value={entries.certificate}
          onChange={(event) => onChange({ certificate: event.target.value })}
        />
      )}
    </>
  );
}

const mostBytes = 64 * 1024;

function KeyArea({ entries, errors, kept, onChange }: SecretFieldsProps) {
  const words = text.credentials;
  async function read(file: File) {
    if (file.size <= mostBytes) onChange({ private_key: await file.text() });
    else complain(words.keyTooLarge);
  }
  return (
    <div className="stack">
      <TextArea
        label={words.privateKey}
        hint={kept ? words.secretKept : words.privateKeyHint}
        error={errors['private_key']}
        rows={5}
        autoComplete="off"
        spellCheck={false}
        value={entries.private_key}
        onChange={(event) => onChange({ private_key: event.target.value })}
      />
      <div className="row">
        <FileButton label={words.chooseFile} onChoose={(file) => void read(file)} />
      </div>
    </div>
  );
}

type HiddenFieldProps = {
  label: string;
  hint?: string | undefined;
  optional?: string;
  error: string | undefined;
  value: string;
  onChange: (value: string) => void;
};

/** A secret line: masked until it is shown. It takes what is pasted, and no browser keeps it. */
function HiddenField({ label, hint, optional, error, value, onChange }: HiddenFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <div className="secret-field">
      <TextField
        type={shown ? 'text' : 'password'}
        label={label}
        hint={hint}
        optional={optional}
        error={error}
        autoComplete="new-password"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button aria-pressed={shown} onClick={() => setShown(!shown)}>
        {shown ? text.credentials.hide : text.credentials.show}
      </Button>
    </div>
  );
}
