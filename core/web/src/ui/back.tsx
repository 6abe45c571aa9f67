import { createLink } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';
import './back.css';

function UpLink({ children, ...rest }: ComponentPropsWithRef<'a'>) {
  return (
    <a {...rest} className="back-link">
      <ArrowLeft aria-hidden="true" />
      {children}
    </a>
  );
}

/** Leads up, to the list that this page belongs to. */
export const BackLink = createLink(UpLink);
