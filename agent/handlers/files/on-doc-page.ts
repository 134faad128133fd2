// An HTTP request for documentation, by a person who prepares a machine.
import { docPageAt } from '../../doc/doc-site.ts';
import type { FileOutcome } from './find-file.ts';

/** @param path of the URL, decoded, without query; undefined result: no page is called so */
export function onDocPage(path: string): FileOutcome | undefined {
  const html = docPageAt(path);
  if (html === undefined) return undefined;
  const found = {
    kind: 'bytes',
    bytes: Buffer.from(html),
    type: 'text/html; charset=utf-8',
  } as const;
  return { found, isMedium: true, events: [] };
}
