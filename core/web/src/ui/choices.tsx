import { type ReactNode, useId } from 'react';
import type { Choice } from './field';
import './choices.css';
import './field.css';

type ChipsProps<Value extends string> = {
  legend: string;
  value: Value;
  choices: readonly Choice<Value>[];
  onChoose: (value: Value) => void;
  children?: ReactNode;
};

/** One of several, all in view: radio buttons that look like chips. */
export function ChoiceChips<Value extends string>(props: ChipsProps<Value>) {
  const { legend, value, choices, onChoose, children } = props;
  const name = useId();
  return (
    <fieldset className="choice-chips">
      <legend>{legend}</legend>
      <div className="row">
        {choices.map((choice) => (
          <label key={choice.value} className="choice-chip">
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChoose(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
      {children}
    </fieldset>
  );
}

export type Option<Value extends string> = Choice<Value> & { description: string };

type OptionCardsProps<Value extends string> = {
  legend: string;
  value: Value;
  options: readonly Option<Value>[];
  onChoose: (value: Value) => void;
};

/** One of a few that each need a sentence. */
export function OptionCards<Value extends string>(props: OptionCardsProps<Value>) {
  const { legend, value, options, onChoose } = props;
  const id = useId();
  return (
    <fieldset className="choice-chips">
      <legend>{legend}</legend>
      <div className="option-cards">
        {options.map((option) => (
          <div key={option.value} className="option-card">
            <input
              type="radio"
              id={`${id}${option.value}`}
              name={id}
              checked={option.value === value}
              aria-describedby={`${id}${option.value}-about`}
              onChange={() => onChoose(option.value)}
            />
            <label htmlFor={`${id}${option.value}`}>{option.label}</label>
            <p id={`${id}${option.value}-about`}>{option.description}</p>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

type CheckProps = { label: string; hint?: string; checked: boolean; onCheck: (checked: boolean) => void };

/** Yes or no. */
export function Check({ label, hint, checked, onCheck }: CheckProps) {
  const id = useId();
  return (
    <div className="check">
      <input
        type="checkbox"
        id={id}
        checked={checked}
        aria-describedby={hint && `${id}-hint`}
        onChange={(event) => onCheck(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

type FilterChipProps = { label: string; pressed: boolean; count?: number; onToggle: () => void };

/** A filter that is on or off. */
export function FilterChip({ label, pressed, onToggle }: FilterChipProps) {
  return (
    <button type="button" className="filter-chip" aria-pressed={pressed} onClick={onToggle}>
      {label}
    </button>
  );
}

type TicksProps<Value extends string> = {
  legend: string;
  hint?: string;
  error?: string | undefined;
  options: readonly (Choice<Value> & { description?: string })[];
  chosen: readonly Value[];
  onChoose: (chosen: Value[]) => void;
};

/** Any number of a few. */
export function OptionTicks<Value extends string>(props: TicksProps<Value>) {
  const { legend, hint, error, options, chosen, onChoose } = props;
  const id = useId();
  function tick(value: Value, yes: boolean) {
    onChoose(yes ? [...chosen, value] : chosen.filter((each) => each !== value));
  }
  return (
    <fieldset className="choice-chips" aria-describedby={`${id}about`}>
      <legend>{legend}</legend>
      <div className={options.some((option) => option.description) ? 'stack' : 'row tick-row'}>
        {options.map((option) => (
          <Check
            key={option.value}
            label={option.label}
            {...(option.description && { hint: option.description })}
            checked={chosen.includes(option.value)}
            onCheck={(yes) => tick(option.value, yes)}
          />
        ))}
      </div>
      <p
        id={`${id}about`}
        className={error ? 'field-error' : 'field-hint'}
        role={error ? 'alert' : undefined}
      >
        {error ?? hint}
      </p>
    </fieldset>
  );
}
