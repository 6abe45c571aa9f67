import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { formErrors } from '~/api/problem';
import { edgesQuery, queryClient } from '~/api/queries';
import { text } from '~/text';
import { Dialog } from '~/ui/dialog';
import { DialogForm } from '~/ui/dialog_form';
import { SelectField, TextField } from '~/ui/field';
import { KitDialog } from './kit';

type Kind = Schemas['EdgeKind'];
type Entries = { name: string; public_url: string; intake_url: string };

const kinds = ['selfdestruct', 'gateway'] as const;
const names = ['name', 'public_url', 'intake_url'] as const;

function isHttps(typed: string): boolean {
  return typed.startsWith('https://') && URL.canParse(typed);
}

/** What is wrong before it is sent. */
export function siteErrors(entries: Entries): Partial<Entries> {
  const errors: Partial<Entries> = {};
  if (entries.name.trim() === '') errors.name = text.sites.nameMissing;
  if (!isHttps(entries.public_url.trim())) errors.public_url = text.sites.urlWrong;
  if (!isHttps(entries.intake_url.trim())) errors.intake_url = text.sites.urlWrong;
  return errors;
}

/** Asks for name and addresses, then shows the kit of the new site. */
export function AddSite({ onClose }: { onClose: () => void }) {
  const [entries, setEntries] = useState<Entries>({ name: '', public_url: '', intake_url: '' });
  const [own, setOwn] = useState<Partial<Entries>>({});
  const [kind, setKind] = useState<Kind>('selfdestruct');

  const add = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/edges', {
          body: {
            kind,
            name: entries.name.trim(),
            public_url: entries.public_url.trim(),
            intake_url: entries.intake_url.trim(),
          },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: edgesQuery.queryKey }),
  });
  const said = formErrors(add.error, names);

  function submit() {
    const errors = siteErrors(entries);
    setOwn(errors);
    if (Object.keys(errors).length === 0) add.mutate();
  }

  if (add.data) {
    return <KitDialog name={entries.name.trim()} kind={kind} kit={add.data.kit} onClose={onClose} />;
  }

  const words = {
    name: { label: text.sites.name, hint: text.sites.nameHint },
    public_url: { label: text.sites.publicUrl, hint: text.sites.publicUrlHints[kind] },
    intake_url: { label: text.sites.intakeUrl, hint: text.sites.intakeUrlHint },
  };
  return (
    <Dialog open keep title={text.sites.addTitle} onClose={onClose}>
      <DialogForm
        problem={said['form']}
        action={text.sites.add}
        busy={add.isPending}
        onSubmit={submit}
        onClose={onClose}
      >
        <SelectField
          label={text.sites.facts.kind}
          value={kind}
          choices={kinds.map((value) => ({ value, label: text.sites.kinds[value] }))}
          onChoose={setKind}
        />
        {names.map((name) => (
          <TextField
            key={name}
            {...words[name]}
            autoComplete="off"
            spellCheck={false}
            maxLength={name === 'name' ? 64 : 512}
            value={entries[name]}
            error={own[name] ?? said[name]}
            onChange={(event) => {
              setEntries({ ...entries, [name]: event.target.value });
              setOwn({ ...own, [name]: undefined });
            }}
          />
        ))}
      </DialogForm>
    </Dialog>
  );
}
