import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { problemText } from '~/api/problem';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { CopyField } from '~/ui/copy';
import { Dialog } from '~/ui/dialog';
import { DialogForm } from '~/ui/dialog_form';
import { TextField } from '~/ui/field';
import { Note } from '~/ui/parts';
import type { Credential } from './credential_entries';

const shownFor = 60_000;

/** Shows the secret of a credential, after a question, for a minute. */
export function Reveal({ credential }: { credential: Credential }) {
  const [asking, setAsking] = useState(false);
  const words = text.credentials;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{words.reveal}</Button>
      {asking && <RevealDialog credential={credential} onClose={() => setAsking(false)} />}
    </>
  );
}

function RevealDialog({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const words = text.credentials;
  const reveal = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/credentials/{id}/reveal', {
          params: { path: { id: credential.id } },
          body: reason.trim() === '' ? {} : { reason: reason.trim() },
        }),
      ),
    // What was shown is not kept once the dialog is gone.
    gcTime: 0,
  });

  // Whatever is drawn again around it, the minute goes on.
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (!reveal.data) return;
    const timer = setTimeout(() => close.current(), shownFor);
    return () => clearTimeout(timer);
  }, [reveal.data]);

  return (
    <Dialog open keep wide title={words.revealTitle(credential.name)} onClose={onClose}>
      {reveal.data ? (
        <>
          <Secrets secret={reveal.data} />
          <p className="dim">{words.revealHide}</p>
          <div className="row row-end">
            <Button onClick={onClose}>{text.done}</Button>
          </div>
        </>
      ) : (
        <DialogForm
          action={words.reveal}
          look="danger"
          busy={reveal.isPending}
          onSubmit={() => reveal.mutate()}
          onClose={onClose}
        >
          <Note tone="warning">{words.revealText}</Note>
          {reveal.isError && <Note tone="danger">{problemText(reveal.error)}</Note>}
          <TextField
            label={words.revealReason}
            optional={text.optional}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </DialogForm>
      )}
    </Dialog>
  );
}

function Secrets({ secret }: { secret: Schemas['RevealedCredential'] }) {
  const words = text.credentials;
  const fields = [
    [words.login, secret.login],
    [words.password, secret.password],
    [words.privateKey, secret.private_key],
    [words.passphrase, secret.passphrase],
    [words.certificate, secret.certificate],
  ] as const;
  return (
    <>{fields.map(([label, value]) => value && <CopyField key={label} label={label} value={value} />)}</>
  );
}
