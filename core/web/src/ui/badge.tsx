import type { ReactNode } from 'react';
import './badge.css';

export type Tone = 'success' | 'info' | 'warning' | 'danger' | 'neutral';

/** A state in one word; the tone is only ever a second hint. */
export function Badge({ tone, icon, children }: { tone: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={`badge badge-${tone}`}>
      {icon}
      {children}
    </span>
  );
}
