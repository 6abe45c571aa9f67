import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import './button.css';

type DownloadLinkProps = { href: string; file: string; children: ReactNode };

/** A plain link: the browser saves the answer while it comes, however long it is. */
export function DownloadLink({ href, file, children }: DownloadLinkProps) {
  return (
    <a className="button button-plain" href={href} download={file}>
      <Download aria-hidden="true" />
      {children}
    </a>
  );
}
