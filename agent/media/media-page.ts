// The page of media, for people with any browser: no script, no style from elsewhere.
import { sizeText } from '../host/text/size-text.ts';
import type { Medium } from './media-shelf.ts';

/** Where the page is; each medium lies below. */
export const MEDIA_PATH = '/media/';

/** The page, in HTML. */
export function mediaPage(media: readonly Medium[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Boot media of WalT</title></head>
<body>
<h1>Boot media</h1>
${media.length === 0 ? '<p>This installation has none.</p>' : tableOf(media)}
<p><a href="${MEDIA_PATH}index.json">The same as JSON</a>. <code>sha256sum FILE</code> shows whether a download is whole.
On the machine of the server <code>walt media write NAME DISK</code> writes one to a stick or card.</p>
</body>
</html>
`;
}

/** The same for programs. */
export function mediaIndex(media: readonly Medium[]): string {
  const entries = media.map(({ name, machines, bytes, sha256 }) => {
    return { name, url: urlOf(name), bytes, sha256, machines };
  });
  return `${JSON.stringify({ media: entries }, null, 2)}\n`;
}

function tableOf(media: readonly Medium[]): string {
  const head = '<tr><th>file<th>for<th>size<th>SHA-256</tr>';
  return `<table border="1" cellpadding="6">\n${head}\n${media.map(row).join('\n')}\n</table>`;
}

function row({ name, machines, bytes, sha256 }: Medium): string {
  const link = `<a href="${escaped(urlOf(name))}">${escaped(name)}</a>`;
  const size = escaped(sizeText(bytes));
  return `<tr><td>${link}<td>${escaped(machines)}<td>${size}<td><code>${escaped(sha256)}</code></tr>`;
}

function urlOf(name: string): string {
  return `${MEDIA_PATH}${encodeURIComponent(name)}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
