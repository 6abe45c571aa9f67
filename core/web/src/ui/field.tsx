import { Field as BaseField } from '@base-ui/react/field';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import './field.css';

type FieldProps = {
  label: string;
  /** One short sentence under the control: what it is for, or what may stand in it. */
  hint?: ReactNode;
  /** What is wrong, and what to do; shown instead of the hint. */
  error?: string | undefined;
  optional?: string | undefined;
  labelHidden?: boolean | undefined;
  children: ReactNode;
};

/** Label, control, and one line below that holds the hint or the error, so that an error moves nothing. */
export function Field({ label, hint, error, optional, labelHidden = false, children }: FieldProps) {
  return (
    <BaseField.Root className="field" invalid={error !== undefined}>
      <div className={labelHidden ? 'visually-hidden' : 'field-label'}>
        <BaseField.Label>{label}</BaseField.Label>
        {optional && <span className="field-optional">{optional}</span>}
      </div>
      {children}
      {error === undefined && hint && (
        <BaseField.Description className="field-hint">{hint}</BaseField.Description>
      )}
      <BaseField.Error className="field-error" match={error !== undefined}>
        {error}
      </BaseField.Error>
    </BaseField.Root>
  );
}

type WithoutChildren<Tag extends 'input' | 'textarea' | 'select'> = Omit<
  ComponentPropsWithRef<Tag>,
  'className'
>;

type TextFieldProps = Omit<FieldProps, 'children'> & WithoutChildren<'input'>;

/** A line of text with its label. */
export function TextField({ label, hint, error, optional, labelHidden, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional} labelHidden={labelHidden}>
      <BaseField.Control className="input" render={<input {...input} />} />
    </Field>
  );
}

type TextAreaProps = Omit<FieldProps, 'children'> & WithoutChildren<'textarea'>;

/** Several lines of text with their label. */
export function TextArea({ label, hint, error, optional, labelHidden, ...input }: TextAreaProps) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional} labelHidden={labelHidden}>
      <BaseField.Control className="input input-area" render={<textarea rows={6} {...input} />} />
    </Field>
  );
}

export type Choice<Value extends string> = { value: Value; label: string };

type SelectFieldProps<Value extends string> = Omit<FieldProps, 'children'> & {
  value: Value;
  choices: readonly Choice<Value>[];
  onChoose: (value: Value) => void;
};

/** One of a few; the platform's own list, because nothing else is as good on a phone. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, hint, error, optional, labelHidden, value, choices, onChoose } = props;
  function choose(chosen: string) {
    const choice = choices.find((each) => each.value === chosen);
    if (choice) onChoose(choice.value);
  }
  return (
    <Field label={label} hint={hint} error={error} optional={optional} labelHidden={labelHidden}>
      <BaseField.Control
        className="input input-select"
        render={
          <select value={value} onChange={(event) => choose(event.target.value)}>
            {choices.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.label}
              </option>
            ))}
          </select>
        }
      />
    </Field>
  );
}
