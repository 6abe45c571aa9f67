import type { FormEvent, ReactNode } from 'react';
import { text } from '~/text';
import { Button } from './button';
import { Note } from './parts';

type EndProps = { action: string; look?: 'primary' | 'danger'; busy: boolean; onClose: () => void };

/** The end of a form in a dialog: the way out, and what it does. */
export function DialogFormEnd({ action, look = 'primary', busy, onClose }: EndProps) {
  return (
    <div className="row row-end">
      <Button onClick={onClose}>{text.cancel}</Button>
      <Button type="submit" look={look} busy={busy}>
        {action}
      </Button>
    </div>
  );
}

type DialogFormProps = EndProps & {
  /** What is wrong with all of it. */
  problem?: string | undefined;
  /** `off` where no browser should keep what is typed. */
  autoComplete?: 'off' | undefined;
  onSubmit: () => void;
  children: ReactNode;
};

/** A form in a dialog: what is wrong with all of it, its fields, and its end. */
export function DialogForm({ problem, autoComplete, onSubmit, children, ...end }: DialogFormProps) {
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit();
  }
  return (
    <form className="stack" onSubmit={submit} noValidate autoComplete={autoComplete}>
      {problem && <Note tone="danger">{problem}</Note>}
      {children}
      <DialogFormEnd {...end} />
    </form>
  );
}
