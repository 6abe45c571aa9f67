import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { text } from '~/text';
import { durationShort } from '~/text/duration';
import { Button, IconButton } from '~/ui/button';
import { Check, ChoiceChips } from '~/ui/choices';
import { TextArea, TextField } from '~/ui/field';
import { Note } from '~/ui/parts';
import { changeDraft, type DraftField, nextKey } from './draft';
import { Files } from './files';
import type { StepProps } from './new_message';
import { lifeChoices, typedChoice, viewChoices } from './presets';

/** What the message holds, how long it lives and how often it can be seen. */
export function ComposeStep({ draft, options, problems }: StepProps) {
  return (
    <div className="stack">
      {problems.content && <Note tone="danger">{problems.content}</Note>}
      <TextArea
        label={text.compose.text}
        hint={text.compose.textHint}
        value={draft.text}
        onChange={(event) => changeDraft({ text: event.target.value })}
      />
      <Fields fields={draft.fields} problem={problems.fields} />
      <Files draft={draft} most={options.limits.max_bytes} problem={problems.files} />
      <Life
        life={draft.life}
        typed={draft.lifeTyped}
        most={options.limits.max_life}
        problem={problems.life}
      />
      <Views
        views={draft.views}
        typed={draft.viewsTyped}
        most={options.limits.max_views}
        problem={problems.views}
      />
    </div>
  );
}

function Fields({ fields, problem }: { fields: readonly DraftField[]; problem: string | undefined }) {
  function change(key: number, changed: Partial<DraftField>) {
    changeDraft({ fields: fields.map((field) => (field.key === key ? { ...field, ...changed } : field)) });
  }
  function add() {
    changeDraft({ fields: [...fields, { key: nextKey(), name: '', value: '', secret: true }] });
  }
  return (
    <section className="stack" aria-label={text.compose.fields}>
      <div className="group-head">
        <h3>{text.compose.fields}</h3>
        <p className="field-hint">{text.compose.fieldsHint}</p>
      </div>
      {fields.length > 0 && (
        <div className="fields-list">
          {fields.map((field) => (
            <FieldRow
              key={field.key}
              field={field}
              nameProblem={problem !== undefined && field.name.trim() === '' ? problem : undefined}
              onChange={(changed) => change(field.key, changed)}
              onRemove={() => changeDraft({ fields: fields.filter((each) => each.key !== field.key) })}
            />
          ))}
        </div>
      )}
      <div className="row">
        <Button icon={<Plus aria-hidden="true" />} onClick={add}>
          {text.compose.addField}
        </Button>
      </div>
    </section>
  );
}

type FieldRowProps = {
  field: DraftField;
  nameProblem: string | undefined;
  onChange: (changed: Partial<DraftField>) => void;
  onRemove: () => void;
};

function FieldRow({ field, nameProblem, onChange, onRemove }: FieldRowProps) {
  const [typing, setTyping] = useState(false);
  return (
    <div className="fields-row">
      <TextField
        label={text.compose.fieldName}
        value={field.name}
        error={nameProblem}
        maxLength={200}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <TextField
        label={text.compose.fieldValue}
        type={field.secret && !typing ? 'password' : 'text'}
        value={field.value}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onChange={(event) => onChange({ value: event.target.value })}
      />
      <IconButton label={text.compose.removeField(field.name)} onClick={onRemove}>
        <Trash2 aria-hidden="true" />
      </IconButton>
      <Check
        label={text.compose.fieldSecret}
        checked={field.secret}
        onCheck={(secret) => onChange({ secret })}
      />
    </div>
  );
}

type LifeProps = { life: string; typed: boolean; most: string; problem: string | undefined };

function Life({ life, typed, most, problem }: LifeProps) {
  const presets = lifeChoices(most, typed ? undefined : life);
  function choose(value: string) {
    if (value === typedChoice) changeDraft({ lifeTyped: true });
    else changeDraft({ life: value, lifeTyped: false });
  }
  return (
    <ChoiceChips
      legend={text.compose.life}
      value={typed ? typedChoice : life}
      choices={[
        ...presets.map((value) => ({ value, label: durationShort(value) })),
        { value: typedChoice, label: text.other },
      ]}
      onChoose={choose}
    >
      {typed && (
        <div className="typed-beside">
          <TextField
            label={text.compose.lifeTyped}
            hint={text.compose.lifeTypedHint}
            error={problem}
            value={life}
            onChange={(event) => changeDraft({ life: event.target.value })}
          />
        </div>
      )}
    </ChoiceChips>
  );
}

type ViewsProps = { views: string; typed: boolean; most: number; problem: string | undefined };

function Views({ views, typed, most, problem }: ViewsProps) {
  const presets = viewChoices(most, typed ? undefined : views);
  function choose(value: string) {
    if (value === typedChoice) changeDraft({ viewsTyped: true });
    else changeDraft({ views: value, viewsTyped: false });
  }
  return (
    <ChoiceChips
      legend={text.compose.views}
      value={typed ? typedChoice : views}
      choices={[
        ...presets.map((value) => ({ value, label: text.compose.viewsCount(Number(value)) })),
        { value: typedChoice, label: text.other },
      ]}
      onChoose={choose}
    >
      {typed && (
        <div className="typed-beside">
          <TextField
            label={text.compose.viewsTyped}
            inputMode="numeric"
            error={problem}
            value={views}
            onChange={(event) => changeDraft({ views: event.target.value })}
          />
        </div>
      )}
    </ChoiceChips>
  );
}
