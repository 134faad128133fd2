// A document for xterm. It writes styles as text of <style> elements and as attributes, which the page's policy refuses from
// anybody. Here they become a constructed style sheet and properties, which only scripts of the page can make.

/** A document whose elements for styles do what they are to do. */
export type StyledDocument = {
  readonly styled: Document;
  /** Runs something that asks the real document for elements all the same. */
  readonly during: (work: () => void) => void;
  /** Takes all styles away again. */
  readonly dispose: () => void;
};

/** @param real of the window */
export function styledDocument(real: Document): StyledDocument {
  const make = real.createElement.bind(real);
  const sheets: CSSStyleSheet[] = [];
  const drop = (sheet: CSSStyleSheet) => {
    real.adoptedStyleSheets = real.adoptedStyleSheets.filter((one) => one !== sheet);
  };
  const create = (name: string): HTMLElement => {
    // Even an empty <style> is a fault against the policy.
    const element = make(name === 'style' ? 'template' : name);
    if (name === 'style') {
      const sheet = new CSSStyleSheet();
      sheets.push(sheet);
      real.adoptedStyleSheets = [...real.adoptedStyleSheets, sheet];
      Object.defineProperty(element, 'textContent', {
        set: (text: string) => sheet.replaceSync(text),
      });
      Object.defineProperty(element, 'remove', { value: () => drop(sheet) });
    }
    if (name === 'span') {
      const set = element.setAttribute.bind(element);
      Object.defineProperty(element, 'setAttribute', {
        value: (key: string, value: string) => {
          if (key === 'style') element.style.cssText = value;
          else set(key, value);
        },
      });
    }
    return element;
  };
  const styled = new Proxy(real, {
    get: (target, key) => {
      if (key === 'createElement') return create;
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const during = (work: () => void) => {
    Object.defineProperty(real, 'createElement', { value: create, configurable: true });
    try {
      work();
    } finally {
      Reflect.deleteProperty(real, 'createElement');
    }
  };
  return { styled, during, dispose: () => sheets.forEach(drop) };
}
