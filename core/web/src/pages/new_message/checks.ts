import type { Schemas } from '~/api/client';
import { text } from '~/text';
import { durationInSeconds, normalDuration } from '~/text/duration';
import type { Draft } from './draft';

type Options = Schemas['ComposeOptions'];

/** What is wrong, by the name of the entry. Empty when a step may be left forwards. */
export type Problems = Partial<
  Record<
    'content' | 'fields' | 'files' | 'life' | 'views' | 'site' | 'to' | 'body' | 'typed' | 'attempts',
    string
  >
>;

const mostFiles = 100;
const mostFields = 100;
const mostAttempts = 100;
const shortestLife = 60;

/** A whole number from 1 to `most`, or undefined. */
export function wholeNumber(typed: string, most: number): number | undefined {
  if (!/^\s*\d{1,9}\s*$/.test(typed)) return undefined;
  const value = Number(typed);
  return value >= 1 && value <= most ? value : undefined;
}

export function contentSize(draft: Draft): number {
  const written = draft.text + draft.fields.map((field) => field.name + field.value).join('');
  return (
    new TextEncoder().encode(written).length + draft.files.reduce((sum, each) => sum + each.file.size, 0)
  );
}

function contentProblem(draft: Draft): string | undefined {
  const anything = draft.text.trim() !== '' || draft.fields.length > 0 || draft.files.length > 0;
  return anything ? undefined : text.compose.nothing;
}

function fieldsProblem(draft: Draft): string | undefined {
  if (draft.fields.length > mostFields) return text.compose.tooManyFields;
  return draft.fields.some((field) => field.name.trim() === '') ? text.compose.fieldNameMissing : undefined;
}

function filesProblem(draft: Draft, options: Options): string | undefined {
  if (draft.files.length > mostFiles) return text.compose.tooManyFiles;
  if (contentSize(draft) > options.limits.max_bytes) return text.compose.tooBig(options.limits.max_bytes);
  if (draft.files.some((file) => file.state === 'failed')) return text.compose.uploadsFailed;
  return undefined;
}

function lifeProblem(draft: Draft, options: Options): string | undefined {
  const seconds = durationInSeconds(normalDuration(draft.life));
  const most = durationInSeconds(options.limits.max_life);
  if (seconds === undefined) return text.compose.lifeWrong;
  if (seconds < shortestLife) return text.compose.lifeTooShort;
  return most !== undefined && seconds > most ? text.compose.lifeTooLong(options.limits.max_life) : undefined;
}

function viewsProblem(draft: Draft, options: Options): string | undefined {
  const most = options.limits.max_views;
  return wholeNumber(draft.views, most) === undefined ? text.compose.viewsWrong(most) : undefined;
}

/** Only what is certainly no address; the mail server has the last word. */
export function looksLikeAddress(typed: string): boolean {
  return typed.length <= 254 && /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(typed);
}

function toProblem(draft: Draft): string | undefined {
  const to = draft.to.trim();
  return to === '' || looksLikeAddress(to) ? undefined : text.compose.toWrong;
}

function bodyProblem(draft: Draft): string | undefined {
  const lacksLink = draft.to.trim() !== '' && draft.body !== null && !draft.body.includes('[URL]');
  return lacksLink ? text.compose.bodyWithoutUrl : undefined;
}

function passphraseProblem(draft: Draft): string | undefined {
  if (passphraseOf(draft) !== '') return undefined;
  return draft.protection === 'words' ? text.compose.wordsMissing : text.compose.typedMissing;
}

function attemptsProblem(draft: Draft): string | undefined {
  if (draft.protection === 'none') return undefined;
  return wholeNumber(draft.attempts, mostAttempts) === undefined ? text.compose.attemptsWrong : undefined;
}

type Found = { [Name in keyof Problems]: string | undefined };

function onlyFound(found: Found): Problems {
  const problems: Problems = {};
  for (const [name, problem] of Object.entries(found))
    if (problem) Object.assign(problems, { [name]: problem });
  return problems;
}

/** What keeps each step from being left, in the order of the steps. */
export const stepChecks = {
  compose: (draft: Draft, options: Options) =>
    onlyFound({
      content: contentProblem(draft),
      fields: fieldsProblem(draft),
      files: filesProblem(draft, options),
      life: lifeProblem(draft, options),
      views: viewsProblem(draft, options),
    }),
  recipient: (draft: Draft) => onlyFound({ to: toProblem(draft), body: bodyProblem(draft) }),
  protection: (draft: Draft) =>
    onlyFound({
      typed: passphraseProblem(draft),
      attempts: attemptsProblem(draft),
    }),
  review: (draft: Draft) =>
    onlyFound({
      files: draft.files.some((file) => file.state === 'uploading') ? text.compose.uploadsBusy : undefined,
    }),
} as const;

export function passphraseOf(draft: Draft): string | null {
  if (draft.protection === 'none') return null;
  return draft.protection === 'words' ? draft.words : draft.typed;
}

/** The request that sends a draft which passed every check. */
export function requestOf(draft: Draft, options: Options): Schemas['MessageCreate'] {
  const to = draft.to.trim();
  const passphrase = passphraseOf(draft);
  return {
    ...(draft.text !== '' && { text: draft.text }),
    fields: draft.fields.map(({ name, value, secret }) => ({ name: name.trim(), value, secret })),
    files: draft.files.flatMap((file) => file.uploadId ?? []),
    expires_in: normalDuration(draft.life),
    views: wholeNumber(draft.views, options.limits.max_views) ?? 1,
    passphrase,
    ...(passphrase !== null && { attempts: wholeNumber(draft.attempts, mostAttempts) ?? options.attempts }),
    grace: draft.grace,
    to: to || null,
    to_name: draft.toName.trim() || null,
    language: draft.language,
    subject: draft.subject.trim() || null,
    mail_body: to && draft.body !== null ? draft.body : null,
    notify: draft.notify,
    show_sender: draft.showSender,
    site: draft.site || null,
  };
}
