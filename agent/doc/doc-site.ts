// The help pages as a web site: the same texts as `walt help show`, made into HTML by scripts/docs.ts.
import pages from './pages.json' with { type: 'json' };

/** Where the list of pages is; each page lies below. */
const DOC_PATH = '/doc/';

type Page = { readonly title: string; readonly html: string };

const BY_TOPIC: Readonly<Record<string, Page>> = pages;
const STYLE =
  'body{max-width:50em;margin:2em auto;padding:0 1em;font-family:sans-serif;line-height:1.5}' +
  'pre,table{overflow-x:auto}pre{background:#eee;padding:.5em}td,th{padding:.2em .6em;text-align:left}';

/** @param path of the URL, decoded, without query. @returns HTML, or undefined where there is no such page */
export function docPageAt(path: string): string | undefined {
  if (path === DOC_PATH || path === '/doc') return listPage();
  if (!path.startsWith(DOC_PATH)) return undefined;
  const topic = path.slice(DOC_PATH.length).replace(/\.html$/, '');
  const page = Object.hasOwn(BY_TOPIC, topic) ? BY_TOPIC[topic] : undefined;
  if (page === undefined) return undefined;
  return document(page.title, `<p><a href="${DOC_PATH}">All pages</a></p>\n${page.html}`);
}

function listPage(): string {
  const item = ([topic, { title }]: readonly [string, Page]) =>
    `<li><a href="${DOC_PATH}${topic}">${title}</a></li>`;
  const items = Object.entries(BY_TOPIC).map(item).join('\n');
  const media = '<p>Boot media of this server: <a href="/media/">/media/</a></p>';
  return document('WalT', `<h1>How to work with WalT</h1>\n<ul>\n${items}\n</ul>\n${media}`);
}

function document(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${STYLE}</style></head>
<body>
${body}
</body>
</html>
`;
}
