// An HTTP request for a boot medium, or for the list of them: by a person who prepares a machine.
import { MEDIA_PATH, mediaIndex, mediaPage } from '../../media/media-page.ts';
import type { MediaShelf } from '../../media/media-shelf.ts';
import type { FileOutcome, FoundFile } from './find-file.ts';

const PAGES = {
  '/media': { type: 'text/html; charset=utf-8', text: mediaPage },
  [MEDIA_PATH]: { type: 'text/html; charset=utf-8', text: mediaPage },
  [`${MEDIA_PATH}index.json`]: { type: 'application/json', text: mediaIndex },
} as const;

/** @param path of the URL, decoded, without query; undefined result: no medium of ours is called so */
export async function onMediaFile(
  path: string,
  shelf: MediaShelf,
): Promise<FileOutcome | undefined> {
  const found = (await pageAt(path, shelf)) ?? (await mediumAt(path, shelf));
  return found === undefined ? undefined : { found, isMedium: true, events: [] };
}

async function pageAt(path: string, shelf: MediaShelf): Promise<FoundFile | undefined> {
  if (!Object.hasOwn(PAGES, path)) return undefined;
  const { type, text } = PAGES[path as keyof typeof PAGES];
  return { kind: 'bytes', bytes: Buffer.from(text(await shelf.list())), type };
}

async function mediumAt(path: string, shelf: MediaShelf): Promise<FoundFile | undefined> {
  if (!path.startsWith(MEDIA_PATH)) return undefined;
  const medium = await shelf.find(path.slice(MEDIA_PATH.length));
  if (medium === undefined) return undefined;
  return { kind: 'file', path: medium.path, size: medium.bytes, type: 'application/gzip' };
}
