import { FileUp } from 'lucide-react';
import { type ChangeEvent, useId, useRef } from 'react';
import { Button } from './button';

type FileButtonProps = {
  label: string;
  accept?: string;
  busy?: boolean;
  onChoose: (file: File) => void;
};

/** Lets one choose a file; the same one again after it was corrected. */
export function FileButton({ label, accept, busy = false, onChoose }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  function take(event: ChangeEvent<HTMLInputElement>) {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file) onChoose(file);
  }
  return (
    <>
      <label htmlFor={id} className="visually-hidden">
        {label}
      </label>
      <input
        ref={input}
        id={id}
        type="file"
        accept={accept}
        className="visually-hidden"
        tabIndex={-1}
        onChange={take}
      />
      <Button icon={<FileUp aria-hidden="true" />} busy={busy} onClick={() => input.current?.click()}>
        {label}
      </Button>
    </>
  );
}
