/** Makes elements. Text becomes text nodes and nothing else. */

export type Child = Node | string | null;

type Attributes = Readonly<Record<string, string | boolean>>;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export function paragraph(text: string, kind = ''): HTMLParagraphElement {
  return element('p', kind === '' ? {} : { class: kind }, text);
}

export function button(text: string, press: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', press);
  return made;
}

/** The screen's heading: it takes the focus when the screen appears, so that a screen reader starts there. */
export function heading(text: string, attributes: Attributes = {}): HTMLHeadingElement {
  return element('h1', { tabindex: '-1', ...attributes }, text);
}
