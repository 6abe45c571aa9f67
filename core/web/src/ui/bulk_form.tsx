import { type FormEvent, type ReactNode, useState } from 'react';
import { text } from '~/text';
import { Check } from './choices';
import { Dialog } from './dialog';
import { DialogFormEnd } from './dialog_form';
import { Note } from './parts';
import './bulk_form.css';

type BulkFormProps<Part extends string> = {
  title: string;
  parts: readonly { name: Part; title: string; fields: ReactNode }[];
  /** What is wrong with all of it. */
  problem?: string | undefined;
  busy: boolean;
  /** With the parts that are ticked, one at least. */
  onSubmit: (ticked: readonly Part[]) => void;
  onClose: () => void;
};

/** Changes some things of many rows alike: what is ticked has its fields, what is not stays as it is. */
export function BulkForm<Part extends string>(props: BulkFormProps<Part>) {
  const { title, parts, problem, busy, onSubmit, onClose } = props;
  const [ticked, setTicked] = useState<readonly Part[]>([]);
  const [nothing, setNothing] = useState(false);
  const words = text.bulk;

  function submit(event: FormEvent) {
    event.preventDefault();
    setNothing(ticked.length === 0);
    if (ticked.length > 0) onSubmit(ticked);
  }
  function tick(name: Part, yes: boolean) {
    setTicked(yes ? [...ticked, name] : ticked.filter((each) => each !== name));
    setNothing(false);
  }

  return (
    <Dialog open keep wide title={title} description={words.lead} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        {parts.map((part) => (
          <div key={part.name} className="bulk-part">
            <Check
              label={part.title}
              checked={ticked.includes(part.name)}
              onCheck={(yes) => tick(part.name, yes)}
            />
            {ticked.includes(part.name) && <div className="bulk-part-fields">{part.fields}</div>}
          </div>
        ))}
        {nothing && <Note tone="warning">{words.nothing}</Note>}
        {problem && <Note tone="danger">{problem}</Note>}
        <DialogFormEnd action={words.action} busy={busy} onClose={onClose} />
      </form>
    </Dialog>
  );
}
