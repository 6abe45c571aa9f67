import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { text } from '~/text';
import { IconButton } from './button';
import './toast.css';

const toasts = Toast.createToastManager();

/** Says that something was done. */
export function say(title: string) {
  toasts.add({ title, type: 'success', timeout: 5_000 });
}

/** Says that something went wrong and what to do; stays until it is closed. */
export function complain(title: string, description?: string) {
  toasts.add({ title, description, type: 'danger', timeout: 0, priority: 'high' });
}

function Toasts() {
  const shown = Toast.useToastManager();
  return shown.toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" swipeDirection={['right', 'down']}>
      <Toast.Content className="toast-content">
        <div>
          <Toast.Title className="toast-title" />
          <Toast.Description className="toast-description" />
        </div>
        <Toast.Close
          render={
            <IconButton label={text.close}>
              <X aria-hidden="true" />
            </IconButton>
          }
        />
      </Toast.Content>
    </Toast.Root>
  ));
}

/** The place where toasts appear; once, around nothing. */
export function ToastPlace() {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="toast-place">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
