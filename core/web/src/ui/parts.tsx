import type { UseQueryResult } from '@tanstack/react-query';
import { CircleCheck, Info, OctagonX, TriangleAlert } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { problemText } from '~/api/problem';
import { text } from '~/text';
import { Button } from './button';
import './parts.css';

type PageProps = {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
};

/** The frame of a page: its one heading, what can be done, and the content. */
export function Page({ title, lead, actions, narrow = false, children }: PageProps) {
  return (
    <div className={narrow ? 'page page-narrow' : 'page'}>
      <title>{`${title} · ${text.product}`}</title>
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <p className="dim">{lead}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

type CardProps = { title?: string; actions?: ReactNode; ref?: Ref<HTMLElement>; children: ReactNode };

/** A box that holds one subject. */
export function Card({ title, actions, ref, children }: CardProps) {
  return (
    <section ref={ref} className="card">
      {title && (
        <div className="row row-between">
          <h2>{title}</h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

type EmptyProps = { title: string; children: ReactNode; action?: ReactNode };

/** Nothing here yet: what this is, why it is empty, one thing to do. */
export function EmptyState({ title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p className="dim">{children}</p>
      {action}
    </div>
  );
}

const noteIcons = {
  info: <Info aria-hidden="true" />,
  success: <CircleCheck aria-hidden="true" />,
  warning: <TriangleAlert aria-hidden="true" />,
  danger: <OctagonX aria-hidden="true" />,
} as const;

type NoteProps = { tone: keyof typeof noteIcons; title?: string; children?: ReactNode; action?: ReactNode };

/** A remark that stays in the page. */
export function Note({ tone, title, children, action }: NoteProps) {
  return (
    <div className={`note note-${tone}`} role={tone === 'danger' ? 'alert' : undefined}>
      {noteIcons[tone]}
      <div className="note-text">
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
      {action}
    </div>
  );
}

/** Something could not be loaded; says why and offers to try again. */
export function LoadFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Note tone="danger" title={text.loadFailed} action={<Button onClick={onRetry}>{text.retry}</Button>}>
      {problemText(error)}
    </Note>
  );
}

const skeletonRows = ['a', 'b', 'c', 'd', 'e'];

/** Grey bars instead of a blank while something loads; they appear only after a moment. */
export function Loading() {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">{text.loading}</span>
      {skeletonRows.map((row) => (
        <span key={row} className="loading-bar" />
      ))}
    </div>
  );
}

type AwaitedProps = { of: Pick<UseQueryResult, 'isError' | 'error' | 'refetch'> };

/** Stands where something will be: while it loads, or why it could not be loaded. */
export function Awaited({ of }: AwaitedProps) {
  return of.isError ? <LoadFailed error={of.error} onRetry={() => void of.refetch()} /> : <Loading />;
}

/** Names and their values. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
