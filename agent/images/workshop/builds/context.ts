// What a Dockerfile is built in: a folder of this machine, or one that is fetched. It is fetched here and not by buildah, for
// only then is it known which images of this server the Dockerfile starts from.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, RequestError } from '../../../errors.ts';
import { resolveFolderInside } from '../../content/files/inside.ts';
import type { Progress } from '../../content/progress.ts';
import { DOCKERFILES } from './dockerfile.ts';
import { fetchRepository, isRepository } from './git-repository.ts';
import { fetchTar } from './tar-url.ts';

type Options = {
  /** folder of the caller's own */
  readonly work: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
};

/** `URL`, `URL#branch` or `URL#branch:folder`, as buildah and docker take it; the branch may be empty, and is no option. */
const CONTEXT = /^([^#]+)(?:#((?!-)[^:]*)(?::(.*))?)?$/;

/**
 * @param context absolute path of a folder, or URL of a git repository or tar
 * @returns path of the folder with the Dockerfile
 * @throws {RequestError} if there is nothing to be had, or no Dockerfile in it
 */
export async function openContext(context: string, options: Options): Promise<string> {
  const folder = context.startsWith('/') ? context : await fetchContext(context, options);
  await requireDockerfile(folder, context);
  return folder;
}

async function requireDockerfile(folder: string, context: string): Promise<void> {
  const what = await whatIsAt(folder);
  if (what === 'nothing') {
    throw new RequestError(404, `Cannot build from ${context}: there is no such folder`);
  }
  if (what === 'a file') {
    throw new RequestError(
      400,
      `Cannot build from ${context}: it is a file, expected the folder with the Dockerfile`,
    );
  }
  const found = await Promise.all(DOCKERFILES.map((file) => whatIsAt(join(folder, file))));
  if (found.includes('a file')) return;
  throw new RequestError(404, `Cannot build from ${context}: there is no Dockerfile in it`);
}

async function whatIsAt(path: string): Promise<'a folder' | 'a file' | 'nothing'> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) return 'nothing';
  return status.isDirectory() ? 'a folder' : 'a file';
}

async function fetchContext(context: string, options: Options): Promise<string> {
  const [, url, ref = '', folder = ''] = CONTEXT.exec(context) ?? [];
  if (url === undefined) {
    throw new RequestError(400, `Cannot build from ${context}: expected URL#branch:folder`);
  }
  const root = join(options.work, 'context');
  options.progress(`fetching ${url}`);
  await fetchTo(root, { ...options, url, ref });
  if (folder === '') return root;
  const inside = (await resolveFolderInside(root, folder)) ?? '';
  const status = await stat(inside).catch(() => undefined);
  if (status?.isDirectory() === true) return inside;
  throw new RequestError(404, `Cannot build from ${url}: it has no folder ${folder}`);
}

async function fetchTo(
  root: string,
  options: Options & { readonly url: string; readonly ref: string },
): Promise<void> {
  const { url, ref } = options;
  const isCertain = ref !== '' || url.startsWith('git:') || url.endsWith('.git');
  const asked = isCertain ? undefined : await isRepository(url, options);
  try {
    if (asked === undefined || asked.isRepository) return await fetchRepository(root, options);
    await fetchTar(root, options);
  } catch (cause) {
    const other =
      asked?.isRepository === false ? `; it is no git repository either: ${asked.reason}` : '';
    throw new RequestError(502, `Cannot build from ${url}: ${messageOf(cause)}${other}`, { cause });
  }
}
