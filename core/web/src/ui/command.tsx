import { CopyButton } from './copy';
import './command.css';

/** A line to be copied: a command for a terminal, a fingerprint. */
export function Command({ line }: { line: string }) {
  return (
    <div className="command">
      <code>{line}</code>
      <CopyButton value={line} />
    </div>
  );
}
