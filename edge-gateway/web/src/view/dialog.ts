/** Questions, asked in a <dialog>: the browser keeps the focus in it and gives it back. */
import { button, type Child, element } from '../../../../tools/web/dom.ts';

function place(label: string, ...children: readonly Child[]): HTMLDialogElement {
  const dialog = element('dialog', { 'aria-label': label }, element('h2', {}, label), ...children);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export interface Question {
  readonly title: string;
  readonly hint: string;
  readonly body?: Child;
  readonly yes: string;
  readonly no: string;
}

/** True when the user said yes. Escape is a no, and so is the button that has the focus. */
export function ask(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (value: boolean) => () => {
      resolve(value);
      dialog.close();
    };
    const no = button(question.no, answer(false));
    const yes = button(question.yes, answer(true), { class: 'primary' });
    const dialog = place(
      question.title,
      element('p', { class: 'hint' }, question.hint),
      question.body ?? null,
      element('div', { class: 'choices' }, no, yes),
    );
    dialog.addEventListener('close', () => resolve(false));
    no.focus();
  });
}

/** A line of text, else null. */
export function askName(
  title: string,
  label: string,
  value: string,
  yes: string,
  no: string,
): Promise<string | null> {
  return new Promise((resolve) => {
    const input = element('input', { type: 'text', 'aria-label': label, maxlength: '255', required: true });
    input.value = value;
    const form = element('form', { method: 'dialog' }, input);
    const submit = element('button', { type: 'submit', class: 'primary' }, yes);
    form.append(
      element(
        'div',
        { class: 'choices' },
        button(no, () => dialog.close()),
        submit,
      ),
    );
    const dialog = place(title, form);
    form.addEventListener('submit', () => resolve(input.value.trim() === '' ? null : input.value.trim()));
    dialog.addEventListener('close', () => resolve(null));
    input.focus();
    input.select();
  });
}

export function show(title: string, close: string, body: Node): void {
  const dialog = place(
    title,
    body,
    element(
      'div',
      { class: 'choices' },
      button(close, () => dialog.close(), { class: 'primary' }),
    ),
  );
}
