import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { text } from '~/text';
import { Button, IconButton } from './button';
import './dialog.css';

type DialogProps = {
  open: boolean;
  title: string;
  description?: ReactNode;
  /** A dialog that holds what was typed, or what is shown once, does not close by a click beside it. */
  keep?: boolean;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** A modal dialog: the focus goes in, stays in, and goes back to what opened it. */
export function Dialog({
  open,
  title,
  description,
  keep = false,
  wide = false,
  onClose,
  children,
}: DialogProps) {
  return (
    <BaseDialog.Root
      open={open}
      disablePointerDismissal={keep}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="dialog-backdrop" />
        <BaseDialog.Popup className={wide ? 'dialog dialog-wide' : 'dialog'}>
          <div className="dialog-head">
            <BaseDialog.Title>{title}</BaseDialog.Title>
            <BaseDialog.Close
              render={
                <IconButton label={text.close}>
                  <X aria-hidden="true" />
                </IconButton>
              }
            />
          </div>
          {description && <BaseDialog.Description className="dim">{description}</BaseDialog.Description>}
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

type ConfirmProps = {
  open: boolean;
  title: string;
  /** What will happen, and whether it can be undone. */
  consequence: ReactNode;
  action: string;
  busy?: boolean;
  /** Not to be confirmed yet. */
  blocked?: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something that cannot be taken back. */
export function Confirm(props: ConfirmProps) {
  const { open, title, consequence, action, busy = false, blocked = false, onConfirm, onClose } = props;
  return (
    <AlertDialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title>{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div className="dim stack" />}>
            {consequence}
          </AlertDialog.Description>
          <div className="row row-end">
            <AlertDialog.Close render={<Button>{text.cancel}</Button>} />
            <Button look="danger" busy={busy} disabled={blocked} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
