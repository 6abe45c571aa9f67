import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import './button.css';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

type ButtonProps = ComponentPropsWithRef<'button'> & { look?: Look; busy?: boolean; icon?: ReactNode };

/** A push button. While `busy` it keeps its place and its focus, and cannot be pressed again. */
export function Button({
  look = 'plain',
  busy = false,
  icon,
  type = 'button',
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={busy ? 'button' : type}
      className={`button button-${look}`}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentPropsWithRef<'button'>, 'aria-label'> & { label: string };

/** A button that shows only an icon; `label` is its name for everyone else. */
export function IconButton({ label, type = 'button', children, ...rest }: IconButtonProps) {
  return (
    <button {...rest} type={type} className="icon-button" aria-label={label} title={label}>
      {children}
    </button>
  );
}

type LookLinkProps = ComponentPropsWithRef<'a'> & { look?: Look };

function LookLink({ look = 'plain', children, ...rest }: LookLinkProps) {
  return (
    <a {...rest} className={`button button-${look}`}>
      {children}
    </a>
  );
}

/** A link that looks like a button, for what leads to another page. */
export const ButtonLink = createLink(LookLink);
