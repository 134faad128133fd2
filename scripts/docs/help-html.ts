// Help pages as HTML, for browsers without JavaScript.
import { Marked } from 'marked';

/** Title and body of a page. */
export type HtmlPage = { readonly title: string; readonly html: string };

/**
 * @param markdown of a page of docs/help
 * @param topics of all pages: where a text says `walt help show TOPIC`, or what to see also, there is a link
 */
export function htmlPage(markdown: string, topics: readonly string[]): HtmlPage {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? '';
  const html = new Marked({ async: false }).parse(markdown) as string;
  return { title, html: withLinks(html, topics) };
}

function withLinks(html: string, topics: readonly string[]): string {
  const link = (topic: string) => `<a href="/doc/${topic}">${topic}</a>`;
  const known = (word: string) => (topics.includes(word) ? link(word) : word);
  return html
    .replaceAll(/(walt help show )([a-z-]+)/g, (_, command, topic) => command + known(topic))
    .replaceAll(
      /(See also: )([^<]+)/g,
      (_, begin, list) => begin + list.replaceAll(/[a-z-]+/g, known),
    );
}
