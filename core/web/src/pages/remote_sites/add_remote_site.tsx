import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '~/api/client';
import { formErrors } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { text } from '~/text';
import { Dialog } from '~/ui/dialog';
import { DialogForm } from '~/ui/dialog_form';
import { TextField } from '~/ui/field';
import { type SiteEntries, usual } from './site_entries';
import { GatewaysField } from './site_fields';

/** Asks for a name and a gateway; everything else has a usual value, and is on the page that opens then. */
export function AddRemoteSite({ onClose }: { onClose: () => void }) {
  const [entries, setEntries] = useState<SiteEntries>(usual);
  const [missing, setMissing] = useState(false);
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: () =>
      answer(api.POST('/sites', { body: { name: entries.name.trim(), gateways: [...entries.gateways] } })),
    onSuccess: async (site) => {
      await queryClient.invalidateQueries({ queryKey: ['remote-sites'] });
      await navigate({ to: '/remote-sites/$id', params: { id: site.id } });
    },
  });
  const said = formErrors(add.error, ['name']);

  function submit() {
    setMissing(entries.name.trim() === '');
    if (entries.name.trim() !== '') add.mutate();
  }

  function change(changed: Partial<SiteEntries>) {
    setEntries({ ...entries, ...changed });
    setMissing(false);
  }

  return (
    <Dialog open keep title={text.remoteSites.addTitle} onClose={onClose}>
      <DialogForm
        problem={said['form']}
        action={text.remoteSites.add}
        busy={add.isPending}
        onSubmit={submit}
        onClose={onClose}
      >
        <TextField
          label={text.remoteSites.name}
          hint={text.remoteSites.nameHint}
          error={missing ? text.remoteSites.nameMissing : said['name']}
          autoComplete="off"
          maxLength={100}
          value={entries.name}
          onChange={(event) => change({ name: event.target.value })}
        />
        <GatewaysField entries={entries} errors={{}} onChange={change} />
      </DialogForm>
    </Dialog>
  );
}
