import { useMutation } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { answer, api, type Schemas } from '~/api/client';
import { Problem } from '~/api/problem';
import { composeQuery, queryClient, sessionQuery, settingsQuery } from '~/api/queries';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Note } from '~/ui/parts';
import { say } from '~/ui/toast';

export type Settings = Schemas['Settings'];
export type Update = Omit<Schemas['SettingsUpdate'], 'revision'>;
export type SectionProps = { settings: Settings };

/** Saves a part of the settings, unless somebody else changed them since they were loaded. */
export function useSave(settings: Settings, onSaved: () => void) {
  return useMutation({
    mutationFn: (update: Update) =>
      answer(api.PATCH('/settings', { body: { ...update, revision: settings.revision } })),
    onSuccess: (saved) => {
      queryClient.setQueryData(settingsQuery.queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: composeQuery.queryKey });
      void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      onSaved();
      say(text.saved);
    },
  });
}

type FormEndProps = { dirty: boolean; busy: boolean; error: unknown; stray: string | undefined };

/** The end of each section: what went wrong, what is not saved, and the button. */
export function FormEnd({ dirty, busy, error, stray }: FormEndProps) {
  const conflict = error instanceof Problem && error.code === 'conflict';
  return (
    <>
      {conflict && (
        <Note
          tone="warning"
          action={
            <Button onClick={() => void queryClient.refetchQueries({ queryKey: settingsQuery.queryKey })}>
              {text.reload}
            </Button>
          }
        >
          {text.settings.conflict}
        </Note>
      )}
      {!conflict && stray && <Note tone="danger">{stray}</Note>}
      <div className="form-end">
        {dirty && <p>{text.settings.changed}</p>}
        <Button type="submit" look="primary" busy={busy} disabled={!dirty}>
          {text.save}
        </Button>
      </div>
      <LeaveGuard dirty={dirty && !busy} />
    </>
  );
}

/** Asks before what was typed is left. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <Confirm
      open={blocker.status === 'blocked'}
      title={text.leaveTitle}
      consequence={<p>{text.leaveText}</p>}
      action={text.leave}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    />
  );
}
