// A document for xterm. It writes styles as text of <style> elements and as attributes, which the page's policy refuses from
// anybody. Here they become a constructed style sheet and properties, which only scripts of the page can make.

/** @returns the document, whose elements for styles do what they are to do; and what takes all styles away again */
export function styledDocument(real: Document): {
  readonly styled: Document;
  readonly dispose: () => void;
} {
  const sheets: CSSStyleSheet[] = [];
  const drop = (sheet: CSSStyleSheet) => {
    real.adoptedStyleSheets = real.adoptedStyleSheets.filter((one) => one !== sheet);
  };
  const create = (name: string): HTMLElement => {
    const element = real.createElement(name);
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
  return { styled, dispose: () => sheets.forEach(drop) };
}
