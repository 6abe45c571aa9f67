import { api, done } from '~/api/client';
import { problemText } from '~/api/problem';
import { upload } from '~/api/upload';
import { changeDraft, changeFile, type Draft, type DraftFile, heldFile, nextKey } from './draft';

const running = new Map<number, AbortController>();

/** Adds files to the draft and begins to send them at once, so that they are there when the rest is written. */
export function addFiles(draft: Draft, files: readonly File[]) {
  const added: DraftFile[] = files.map((file) => ({ key: nextKey(), file, state: 'uploading', sent: 0 }));
  changeDraft({ files: [...draft.files, ...added] });
  for (const each of added) void send(each);
}

export function sendAgain(file: DraftFile) {
  changeFile(file.key, { state: 'uploading', sent: 0 });
  void send(file);
}

async function send({ key, file }: DraftFile) {
  const stop = new AbortController();
  running.set(key, stop);
  try {
    const uploadId = await upload(file, (sent) => changeFile(key, { sent }), stop.signal);
    changeFile(key, { state: 'uploaded', sent: file.size, uploadId });
  } catch (error) {
    if (heldFile(key)) changeFile(key, { state: 'failed', problem: problemText(error) });
  } finally {
    running.delete(key);
  }
}

/** Takes a file out of the draft, stops sending it, and tells the core to forget what it has of it. */
export function dropFile(draft: Draft, { key, uploadId }: DraftFile) {
  changeDraft({ files: draft.files.filter((file) => file.key !== key) });
  running.get(key)?.abort();
  if (uploadId) void forgetUpload(uploadId);
}

/** Drops all files of a draft that is given up. */
export function dropFiles(draft: Draft) {
  for (const file of draft.files) {
    running.get(file.key)?.abort();
    if (file.uploadId) void forgetUpload(file.uploadId);
  }
}

async function forgetUpload(id: string) {
  try {
    await done(api.DELETE('/uploads/{id}', { params: { path: { id } } }));
  } catch {
    // The core forgets it by itself after an hour.
  }
}
