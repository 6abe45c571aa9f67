import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { text } from '~/text';
import { Button } from './button';
import { TextArea } from './field';
import { complain } from './toast';
import './copy.css';

type CopyButtonProps = { value: string; label?: string; look?: 'primary' | 'plain' };

/** Copies `value`, and says so in its own words and to a screen reader. */
export function CopyButton({ value, label = text.copy, look = 'plain' }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 3_000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      complain(text.copyFailed, text.copyFailedHint);
    }
  }

  return (
    <>
      <Button
        look={look}
        icon={copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        onClick={() => void copy()}
      >
        {copied ? text.copied : label}
      </Button>
      <span className="visually-hidden" role="status">
        {copied ? text.copied : ''}
      </span>
    </>
  );
}

type WholeTextProps = { label: string; value: string; hint?: string | undefined; error?: string | undefined };

/** A value to be read, all of it in view however narrow the page, and selected whole at a click. */
export function WholeText({ label, value, hint, error }: WholeTextProps) {
  return (
    <TextArea
      label={label}
      value={value}
      hint={hint}
      error={error}
      readOnly
      rows={1}
      spellCheck={false}
      data-whole=""
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}

type CopyFieldProps = { label: string; value: string; hint?: string; copyLabel?: string; primary?: boolean };

/** A value that is there to be copied, with a button beside it. */
export function CopyField({ label, value, hint, copyLabel, primary = false }: CopyFieldProps) {
  return (
    <div className="copy-field">
      <WholeText label={label} value={value} hint={hint} />
      <CopyButton
        value={value}
        {...(copyLabel && { label: copyLabel })}
        look={primary ? 'primary' : 'plain'}
      />
    </div>
  );
}
