// The pages of `walt help show`: docs/help/, carried along by the command so that it needs no file beside it.
import pages from '../help-pages.json' with { type: 'json' };

const BY_TOPIC: Readonly<Record<string, string>> = pages;

/** What `walt help show` has pages on, in alphabetical order. */
export function helpTopics(): string[] {
  return Object.keys(BY_TOPIC).toSorted();
}

/** The page in markdown, or undefined if there is none on this topic. */
export function helpPage(topic: string): string | undefined {
  return Object.hasOwn(BY_TOPIC, topic) ? BY_TOPIC[topic] : undefined;
}

/** First heading of a page. */
export function titleOf(page: string): string {
  return /^# (.+)$/m.exec(page)?.[1] ?? '';
}
