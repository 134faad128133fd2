// Where in the page somebody is: the path and the query of the browser's address, so that it can be kept and sent on.
import { computed, signal } from '@preact/signals';

const address = signal(location.pathname + location.search);

addEventListener('popstate', () => {
  address.value = location.pathname + location.search;
});

/** Parts of the path, decoded. */
export const place = computed(() => {
  const [path = ''] = address.value.split('?', 1);
  return path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
});

/** The filters. */
export const query = computed(() => new URLSearchParams(address.value.split('?')[1] ?? ''));

/** Goes to another page. */
export function go(to: string): void {
  if (to === address.value) return;
  history.pushState(null, '', to);
  address.value = to;
  scrollTo(0, 0);
}

/** The same, without a way back to where somebody was. */
export function replace(to: string): void {
  history.replaceState(null, '', to);
  address.value = to;
}

/** A node has another name: whoever looks at it goes on looking, and nothing leads back to a name that nobody has. */
export function followRename(from: string, to: string): void {
  const [page, detail] = place.peek();
  if (page !== 'nodes' || detail !== from) return;
  replace(`/nodes/${encodeURIComponent(to)}${location.search}`);
}

/** Changes filters; an empty value takes one away. */
export function setQuery(changes: Readonly<Record<string, string>>): void {
  const next = new URLSearchParams(query.peek());
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const to = next.size === 0 ? location.pathname : `${location.pathname}?${next}`;
  replace(to);
}

/** Links of the page itself do not load it anew. */
export function followLinks(root: Document): void {
  root.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (link === null || !isPlain || event.button !== 0 || event.defaultPrevented) return;
    if (link.target !== '' || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    go(link.pathname + link.search);
  });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (thrown) {
    if (thrown instanceof URIError) return part;
    throw thrown;
  }
}
