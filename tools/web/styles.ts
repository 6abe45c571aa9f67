/**
 * xterm writes its colours and sizes into <style> elements and style attributes, which `style-src 'self'` forbids. What it
 * writes is taken to the CSS object model instead, which the policy allows: no nonce, and nothing inline.
 */
function adopted(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  const write = (css: string) => sheet.replaceSync(css);
  Object.defineProperty(element, 'textContent', { set: write, get: () => '' });
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

/** To be called once, before the first terminal is opened. */
export function adoptStyles(): void {
  const create = Document.prototype.createElement;
  // Even an empty <style> is a breach of the policy, so that what stands in its place is a <template>.
  document.createElement = (name: string, options?: ElementCreationOptions) =>
    name === 'style' ? adopted(create.call(document, 'template')) : create.call(document, name, options);
  const set = Element.prototype.setAttribute;
  HTMLElement.prototype.setAttribute = function (name: string, value: string) {
    if (name === 'style') this.style.cssText = value;
    else set.call(this, name, value);
  };
}
