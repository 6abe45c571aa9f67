import { type FormEvent, useState } from 'react';
import type { Schemas } from '~/api/client';
import { formErrors } from '~/api/problem';
import { text } from '~/text';
import { durationInSeconds, normalDuration } from '~/text/duration';
import { TextField } from '~/ui/field';
import { Card } from '~/ui/parts';
import { wholeNumber } from '../new_message/checks';
import { FormEnd, type SectionProps, useSave } from './save';

type Limits = Schemas['Limits'];

/** As it is typed; the size in MiB. */
export type LimitEntries = Record<keyof Limits, string>;

const names = ['max_life', 'default_life', 'max_views', 'default_views', 'max_bytes'] as const;
const mebibyte = 1024 * 1024;
const mostViews = 1_000_000;
const mostMebibytes = 100;

function entriesOf(limits: Limits): LimitEntries {
  return {
    max_life: limits.max_life,
    default_life: limits.default_life,
    max_views: String(limits.max_views),
    default_views: String(limits.default_views),
    max_bytes: String(Math.round((limits.max_bytes / mebibyte) * 100) / 100),
  };
}

function lifeErrors(entries: LimitEntries): Partial<LimitEntries> {
  const most = durationInSeconds(normalDuration(entries.max_life));
  const usual = durationInSeconds(normalDuration(entries.default_life));
  if (most === undefined) return { max_life: text.settings.durationWrong };
  if (usual === undefined) return { default_life: text.settings.durationWrong };
  return usual > most ? { default_life: text.settings.aboveMost } : {};
}

function viewErrors(entries: LimitEntries): Partial<LimitEntries> {
  const most = wholeNumber(entries.max_views, mostViews);
  const usual = wholeNumber(entries.default_views, mostViews);
  if (most === undefined) return { max_views: text.settings.numberWrong };
  if (usual === undefined) return { default_views: text.settings.numberWrong };
  return usual > most ? { default_views: text.settings.aboveMost } : {};
}

function sizeErrors(entries: LimitEntries): Partial<LimitEntries> {
  const size = Number(entries.max_bytes);
  return size > 0 && size <= mostMebibytes ? {} : { max_bytes: text.settings.maxBytesHint };
}

/** What is wrong before it is sent. */
export function limitErrors(entries: LimitEntries): Partial<LimitEntries> {
  return { ...lifeErrors(entries), ...viewErrors(entries), ...sizeErrors(entries) };
}

function limitsOf(entries: LimitEntries): Limits {
  return {
    max_life: normalDuration(entries.max_life),
    default_life: normalDuration(entries.default_life),
    max_views: Number(entries.max_views),
    default_views: Number(entries.default_views),
    max_bytes: Math.round(Number(entries.max_bytes) * mebibyte),
  };
}

export function LimitsSection({ settings }: SectionProps) {
  const stored = entriesOf(settings.limits);
  const [entries, setEntries] = useState(stored);
  const [own, setOwn] = useState<Partial<LimitEntries>>({});
  const save = useSave(settings, () => {});
  const dirty = names.some((name) => entries[name] !== stored[name]);
  const errors: Record<string, string | undefined> = { ...formErrors(save.error, names), ...own };

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = limitErrors(entries);
    setOwn(found);
    if (Object.keys(found).length === 0) save.mutate({ limits: limitsOf(entries) });
  }

  const words = {
    max_life: { label: text.settings.maxLife, hint: text.settings.lifeHint },
    default_life: { label: text.settings.defaultLife, hint: text.settings.lifeHint },
    max_views: { label: text.settings.maxViews },
    default_views: { label: text.settings.defaultViews },
    max_bytes: { label: text.settings.maxBytes, hint: text.settings.maxBytesHint },
  };
  return (
    <Card>
      <form className="stack" onSubmit={submit} noValidate>
        <div className="columns">
          {names.map((name) => (
            <TextField
              key={name}
              {...words[name]}
              error={errors[name]}
              value={entries[name]}
              onChange={(event) => {
                setEntries({ ...entries, [name]: event.target.value });
                setOwn({ ...own, [name]: undefined });
              }}
            />
          ))}
        </div>
        <FormEnd dirty={dirty} busy={save.isPending} error={save.error} stray={errors['form']} />
      </form>
    </Card>
  );
}
