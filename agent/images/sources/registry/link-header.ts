// Links between the pages of a list (RFC 8288, "Web Linking", §3).

type Link = { readonly target: string; readonly params: ReadonlyMap<string, string> };

const TARGET = /^[\s,]*<([^>]*)>/;
const PARAM =
  /^\s*;\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\*?(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/;
const EMPTY_PARAM = /^\s*;(?=\s*(?:[;,]|$))/;

/**
 * @param header one or several, with commas between
 * @param from address of the page that has it
 * @returns address of the next page; undefined on the last one
 */
export function nextPage(header: string, from: string): string | undefined {
  const next = linksIn(header).find(({ params }) => {
    const relations = (params.get('rel') ?? '').toLowerCase().split(/\s+/);
    // A link with an anchor is one of another page.
    return relations.includes('next') && !params.has('anchor');
  });
  return next !== undefined && URL.canParse(next.target, from)
    ? new URL(next.target, from).href
    : undefined;
}

function linksIn(header: string): Link[] {
  const links: Link[] = [];
  let rest = header;
  for (let match = TARGET.exec(rest); match !== null; match = TARGET.exec(rest)) {
    rest = rest.slice(match[0].length);
    const params = new Map<string, string>();
    for (;;) {
      const param = PARAM.exec(rest) ?? EMPTY_PARAM.exec(rest);
      if (param === null) break;
      rest = rest.slice(param[0].length);
      const [, name = '', quoted, plain = ''] = param;
      // Of several parameters with one name the first counts (§3.3).
      const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
      if (name !== '' && !params.has(name.toLowerCase())) params.set(name.toLowerCase(), value);
    }
    links.push({ target: match[1] ?? '', params });
  }
  return links;
}
