import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answer, api, type Schemas } from '~/api/client';
import { formErrors } from '~/api/problem';
import { text } from '~/text';
import { BackLink } from '~/ui/back';
import { Button } from '~/ui/button';
import { Check } from '~/ui/choices';
import { Command } from '~/ui/command';
import { TextArea, TextField } from '~/ui/field';
import { Card, Note, Page } from '~/ui/parts';
import { counts, entryErrors, questions, situationOf, smallest } from './situation';

const fields = [...questions, ...counts, 'hosts'] as const;

/** Asks who comes from where, and says which kind of certificate fits. */
export function AdvicePage() {
  const [entries, setEntries] = useState(smallest);
  const [own, setOwn] = useState<Record<string, string | undefined>>({});
  const ask = useMutation({
    mutationFn: () => answer(api.POST('/certificates/advice', { body: situationOf(entries) })),
  });
  const said = formErrors(ask.error, fields);

  function submit(event: FormEvent) {
    event.preventDefault();
    const errors = entryErrors(entries);
    setOwn(errors);
    if (Object.keys(errors).length === 0) ask.mutate();
  }

  return (
    <Page title={text.advice.title} lead={text.advice.lead} narrow>
      <BackLink to="/certificates">{text.advice.back}</BackLink>
      <Card>
        <form className="stack" onSubmit={submit} noValidate>
          {said['form'] && <Note tone="danger">{said['form']}</Note>}
          {questions.map((name) => (
            <Check
              key={name}
              label={text.advice.questions[name]}
              checked={entries[name]}
              onCheck={(checked) => setEntries({ ...entries, [name]: checked })}
            />
          ))}
          {counts.map((name) => (
            <TextField
              key={name}
              label={text.advice.counts[name]}
              inputMode="numeric"
              autoComplete="off"
              maxLength={5}
              value={entries[name]}
              error={own[name] ?? said[name]}
              onChange={(event) => setEntries({ ...entries, [name]: event.target.value })}
            />
          ))}
          <TextArea
            label={text.advice.hosts}
            hint={text.advice.hostsHint}
            rows={3}
            spellCheck={false}
            autoCapitalize="none"
            value={entries.hosts}
            error={said['hosts']}
            onChange={(event) => setEntries({ ...entries, hosts: event.target.value })}
          />
          <div className="row row-end">
            <Button type="submit" look="primary" busy={ask.isPending}>
              {text.advice.ask}
            </Button>
          </div>
        </form>
      </Card>
      {ask.data && <Answer advice={ask.data} />}
    </Page>
  );
}

function Answer({ advice }: { advice: Schemas['Advice'] }) {
  return (
    <div role="status">
      <Card title={text.advice.answerTitle}>
        <p>
          <strong>{text.advice.kinds[advice.kind]}.</strong> {text.advice.wildcards[advice.wildcard]}
        </p>
        <Sentences title={text.advice.why} sentences={advice.reasons} />
        <Sentences title={text.advice.problems} sentences={advice.problems} />
        {advice.commands.length > 0 && <h3>{text.advice.commands}</h3>}
        {advice.commands.map((line) => (
          <Command key={line} line={line} />
        ))}
      </Card>
    </div>
  );
}

/** The adviser speaks in clauses, as a terminal does. */
function asSentence(clause: string): string {
  const whole = clause.charAt(0).toUpperCase() + clause.slice(1);
  return /[.?!]$/.test(whole) ? whole : `${whole}.`;
}

function Sentences({ title, sentences }: { title: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      {sentences.map((sentence) => (
        <p key={sentence}>{asSentence(sentence)}</p>
      ))}
    </>
  );
}
