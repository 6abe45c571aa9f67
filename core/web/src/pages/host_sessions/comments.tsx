import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api } from '~/api/client';
import { formErrors } from '~/api/problem';
import { queryClient } from '~/api/queries';
import { hostSessionQuery } from '~/api/session_queries';
import { When } from '~/app/now';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { TextArea } from '~/ui/field';
import { Card, Note } from '~/ui/parts';
import type { HostSessionDetail } from './facts';
import './comments.css';

/** What people remarked on a session. */
export function Comments({ session }: { session: HostSessionDetail }) {
  const words = text.hostSessions;
  return (
    <Card title={words.comments}>
      {session.comments.length === 0 ? (
        <p className="dim">{words.commentsEmpty}</p>
      ) : (
        <ol className="comments">
          {session.comments.map((comment, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: comments are only ever added at the end
            <li key={index}>
              <p className="row">
                <strong>{comment.by.login}</strong>
                <span className="dim">
                  <When at={comment.at} />
                </span>
              </p>
              <p className="comment-text">{comment.text}</p>
            </li>
          ))}
        </ol>
      )}
      <NewComment id={session.id} />
    </Card>
  );
}

function NewComment({ id }: { id: string }) {
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const words = text.hostSessions;
  const add = useMutation({
    mutationFn: () =>
      answer(api.POST('/sessions/{id}/comments', { params: { path: { id } }, body: { text: typed.trim() } })),
    onSuccess: (detail) => {
      queryClient.setQueryData(hostSessionQuery(id).queryKey, detail);
      setTyped('');
    },
  });
  const said = formErrors(add.error, ['text']);
  function submit(event: FormEvent) {
    event.preventDefault();
    setMissing(typed.trim() === '');
    if (typed.trim() !== '') add.mutate();
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      {said['form'] && <Note tone="danger">{said['form']}</Note>}
      <TextArea
        label={words.comment}
        hint={words.commentHint}
        error={missing ? words.commentMissing : said['text']}
        rows={2}
        maxLength={2_000}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setMissing(false);
        }}
      />
      <div className="row row-end">
        <Button type="submit" busy={add.isPending}>
          {words.commentAdd}
        </Button>
      </div>
    </form>
  );
}
