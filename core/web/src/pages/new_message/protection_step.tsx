import { RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { useSession } from '~/app/session';
import { text } from '~/text';
import { durationInSeconds, durationInWords } from '~/text/duration';
import { Button } from '~/ui/button';
import { Check, OptionCards } from '~/ui/choices';
import { WholeText } from '~/ui/copy';
import { SelectField, TextField } from '~/ui/field';
import { Note } from '~/ui/parts';
import { changeDraft, completeDraft, type Draft } from './draft';
import type { Options, StepProps } from './new_message';
import { newPassphrase, type Strength, strengthOf, wordsBits } from './passphrase';

const protections = ['words', 'typed', 'none'] as const;

/** What is asked of the recipient besides the link, and what the sender learns. */
export function ProtectionStep({ draft, options, problems }: StepProps) {
  const { user } = useSession();
  return (
    <div className="stack">
      <OptionCards
        legend={text.compose.protection}
        value={draft.protection}
        options={protections.map((value) => ({ value, ...text.compose.protections[value] }))}
        onChoose={(protection) => changeDraft({ protection })}
      />
      {draft.protection === 'words' && <Words words={draft.words} problem={problems.typed} />}
      {draft.protection === 'typed' && <Typed typed={draft.typed} problem={problems.typed} />}
      {draft.protection === 'none' && (
        <Note tone="warning" title={text.compose.noneTitle}>
          {text.compose.noneText}
        </Note>
      )}
      <div className="columns">
        {draft.protection !== 'none' && (
          <TextField
            label={text.compose.attempts}
            hint={text.compose.attemptsHint}
            error={problems.attempts}
            inputMode="numeric"
            value={draft.attempts}
            onChange={(event) => changeDraft({ attempts: event.target.value })}
          />
        )}
        <Grace draft={draft} options={options} />
      </div>
      <Check
        label={text.compose.showSender}
        hint={text.compose.showSenderHint}
        checked={draft.showSender}
        onCheck={(showSender) => changeDraft({ showSender })}
      />
      <Check
        label={text.compose.notify}
        hint={notifyHint(options, user.email !== null)}
        checked={draft.notify}
        onCheck={(notify) => changeDraft({ notify })}
      />
    </div>
  );
}

function notifyHint(options: Options, hasAddress: boolean): string {
  if (!options.mail_configured) return text.compose.notifyNoMail;
  return hasAddress ? text.compose.notifyHint : text.compose.notifyNoAddress;
}

function Words({ words, problem }: { words: string; problem: string | undefined }) {
  useEffect(() => {
    if (words === '') void newPassphrase().then((fresh) => completeDraft({ words: fresh }));
  }, [words]);
  return (
    <div className="passphrase-row">
      <WholeText
        label={text.compose.wordsLabel}
        hint={text.compose.wordsHint(wordsBits)}
        error={problem}
        value={words}
      />
      <Button
        icon={<RefreshCw aria-hidden="true" />}
        onClick={() => void newPassphrase().then((fresh) => changeDraft({ words: fresh }))}
      >
        {text.compose.newWords}
      </Button>
    </div>
  );
}

function Typed({ typed, problem }: { typed: string; problem: string | undefined }) {
  return (
    <div className="stack">
      <TextField
        label={text.compose.typedLabel}
        hint={text.compose.typedHint}
        error={problem}
        autoComplete="off"
        spellCheck={false}
        maxLength={1_000}
        value={typed}
        onChange={(event) => changeDraft({ typed: event.target.value })}
      />
      {typed !== '' && <StrengthMeter strength={strengthOf(typed)} />}
    </div>
  );
}

const strengths: readonly Strength[] = ['weak', 'fair', 'good', 'strong'];

function StrengthMeter({ strength }: { strength: Strength }) {
  const reached = strengths.indexOf(strength);
  return (
    <div className={`strength strength-${strength}`}>
      <div className="strength-track" aria-hidden="true">
        {strengths.map((each, index) => (
          <span key={each} className={index <= reached ? 'on' : ''} />
        ))}
      </div>
      <p className="field-hint" role="status">
        {text.compose.strength}: {text.compose.strengths[strength]}
      </p>
    </div>
  );
}

const graces = ['0s', '30s', '60s', '2m', '5m', '10m'];

function Grace({ draft, options }: { draft: Draft; options: Options }) {
  const most = durationInSeconds(options.max_grace) ?? 0;
  const usual = graces.filter((grace) => (durationInSeconds(grace) ?? 0) <= most);
  const known = usual.some((grace) => durationInSeconds(grace) === durationInSeconds(draft.grace));
  const value =
    usual.find((grace) => durationInSeconds(grace) === durationInSeconds(draft.grace)) ?? draft.grace;
  const choices = known ? usual : [...usual, draft.grace];
  return (
    <SelectField
      label={text.compose.grace}
      hint={text.compose.graceHint}
      value={value}
      choices={choices.map((grace) => ({
        value: grace,
        label: grace === '0s' ? text.compose.graces['0s'] : durationInWords(grace),
      }))}
      onChoose={(grace) => changeDraft({ grace })}
    />
  );
}
