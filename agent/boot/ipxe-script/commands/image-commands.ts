// The commands of a script that fetch files of the image, choose a kernel among them and start it.
import type { Given } from '../arguments.ts';
import { DONE, type Ending, failed } from '../ending.ts';
import { isScript } from '../lines.ts';
import type { Run } from '../run.ts';

/** Chooses what the first word names to be started; fetches it first unless it is loaded already. */
export async function load(run: Run, given: Given): Promise<Ending> {
  const acquired = await acquire(run, given);
  if ('kind' in acquired) return acquired;
  run.images.choose(acquired.name);
  return DONE;
}

/** Fetches a file that the kernel shall find in its memory. */
export async function fetchBeside(run: Run, given: Given): Promise<Ending> {
  const [, target = ''] = given.words;
  if (isPath(target)) return failed(`only iPXE can put a file at ${target} of the initrd`);
  const fetched = await fetch(run, given);
  return 'kind' in fetched ? fetched : DONE;
}

/** iPXE makes an archive of a file whose first argument is a path (its src/core/cpio.c). `root=/dev/nfs` is a kernel's. */
function isPath(word: string): boolean {
  return word.includes('/') && !word.includes('=');
}

/** Sets a command line anew. */
export async function setArguments(run: Run, given: Given): Promise<Ending> {
  const [, ...args] = given.words;
  const acquired = await acquire(run, given);
  if ('kind' in acquired) return acquired;
  run.images.setArgs(acquired.name, args.join(' '));
  return DONE;
}

/** Without a word: all. */
export function free({ images }: Run, { words }: Given): Ending {
  if (words.length === 0) images.clear();
  for (const name of words) {
    if (!images.free(name)) return failed(`there is no image '${name}'`);
  }
  return DONE;
}

/** Starts an image or a script; without a word, the image that was chosen. */
export async function start(run: Run, given: Given): Promise<Ending> {
  const [uri] = given.words;
  if (uri === undefined) {
    return run.images.plan() === undefined ? failed('no kernel is loaded') : { kind: 'boot' };
  }
  const path = run.images.has(uri) ? run.images.pathOf(uri) : run.locate(uri);
  const file = path === undefined ? undefined : await run.files(path);
  if (path !== undefined && file !== undefined && isScript(file.start)) {
    run.images.free(uri);
    const ending = await run.script(path, file.start);
    return given.options.has('replace') ? endOfBoth(ending) : ending;
  }
  const ending = await load(run, given);
  return ending.kind === 'done' ? { kind: 'boot' } : ending;
}

/** The script that called it with `--replace` does not go on, however the other one ended. */
function endOfBoth(ending: Ending): Ending {
  if (ending.kind === 'done') return { kind: 'exit', status: 0 };
  return ending.kind === 'failed' ? { kind: 'exit', status: 1 } : ending;
}

type Acquired = { readonly name: string };

/** What is loaded under the name that the first word says, given another name and command line if the command has such. */
async function acquire(run: Run, given: Given): Promise<Acquired | Ending> {
  const [uri = '', ...args] = given.words;
  if (!run.images.has(uri)) return await fetch(run, given);
  if (args.length > 0) run.images.setArgs(uri, args.join(' '));
  const name = given.options.get('name') ?? uri;
  run.images.rename(uri, name);
  return { name };
}

async function fetch(run: Run, { words, options }: Given): Promise<Acquired | Ending> {
  const [uri = '', ...args] = words;
  const path = run.locate(uri);
  if (path === undefined) return failed(`${uri || 'nothing'} is no file of this image`);
  if ((await run.files(path)) === undefined) return failed(`the image has no file ${path}`);
  const name = options.get('name') ?? lastPart(uri);
  run.images.add(name, { path, args: args.join(' ') });
  return { name };
}

function lastPart(uri: string): string {
  const plain = uri.split('?')[0] ?? '';
  return plain.slice(plain.lastIndexOf('/') + 1);
}
