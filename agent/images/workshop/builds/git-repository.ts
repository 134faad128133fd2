// Fetches git repositories of others.
import { rm } from 'node:fs/promises';
import { messageOf, WaltError } from '../../../errors.ts';
import { runProgram } from '../../../host/processes/program.ts';
import { complaintOf } from '../../sources/complaint.ts';

type Options = { readonly signal?: AbortSignal };

/** Nobody is there to be asked for a password; a repository may not name files of this machine as its parts. */
const ENVIRONMENT = { GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'git:http:https' };

/** Whether a git repository answers at a URL, and what git says where none does. */
export async function isRepository(
  url: string,
  options: Options,
): Promise<
  { readonly isRepository: true } | { readonly isRepository: false; readonly reason: string }
> {
  return await git(['ls-remote', '--quiet', url, 'HEAD'], options).then(
    () => ({ isRepository: true }),
    (thrown: unknown) => ({ isRepository: false, reason: messageOf(thrown) }),
  );
}

/**
 * Makes the new folder `root` with the files of a repository and of those within it.
 * @param options.ref branch, tag or commit; empty for the default branch
 * @throws {WaltError} if git cannot get it
 */
export async function fetchRepository(
  root: string,
  options: Options & { readonly url: string; readonly ref: string },
): Promise<void> {
  const { url, ref } = options;
  const branch = ref === '' ? [] : ['--branch', ref];
  const shallow = ['--depth', '1', '--shallow-submodules'];
  const clone = ['clone', '--quiet', '--recurse-submodules'];
  try {
    await git([...clone, ...shallow, ...branch, '--', url, root], options);
  } catch {
    // A server of plain files cannot give a part, and a commit is no branch.
    await rm(root, { recursive: true, force: true });
    await git([...clone, '--', url, root], options);
    if (ref === '') return;
    await git(['-C', root, 'checkout', '--quiet', '--recurse-submodules', ref, '--'], options);
  }
}

async function git(args: readonly string[], { signal }: Options): Promise<void> {
  await runProgram('git', args, {
    env: ENVIRONMENT,
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    throw new WaltError(`git does not get it: ${complaintOf(cause)}`, { cause });
  });
}
