import { text } from '~/text';
import { Button } from '~/ui/button';
import { CopyField } from '~/ui/copy';
import { Dialog } from '~/ui/dialog';

type OneTimePasswordProps = { login: string; password: string; onClose: () => void };

/** A password that is shown once and works once. */
export function OneTimePassword({ login, password, onClose }: OneTimePasswordProps) {
  return (
    <Dialog
      open
      keep
      title={text.people.oneTimeTitle(login)}
      description={text.people.oneTimeText}
      onClose={onClose}
    >
      <CopyField label={text.people.oneTime} value={password} primary />
      <div className="row row-end">
        <Button onClick={onClose}>{text.done}</Button>
      </div>
    </Dialog>
  );
}
