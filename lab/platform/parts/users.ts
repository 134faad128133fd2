// Who can log in to the page of a platform: nobody before somebody is made.
import { succeed } from '../../programs/run-program.ts';
import type { PlatformPaths } from '../paths.ts';
import { waltCommand } from './launcher.ts';

/** What the server says of a user. */
type User = {
  readonly hasPassword: boolean;
  readonly isDisabled: boolean;
  readonly provider?: string | null | undefined;
};

/** Whether somebody can log in. */
export async function hasUserOfPage(
  paths: Pick<PlatformPaths, 'launcher' | 'socket'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { stdout } = await succeed(waltCommand(paths, 'user', 'show', '--json'), { signal });
  const { users } = JSON.parse(stdout.toString()) as { readonly users: readonly User[] };
  return users.some(({ hasPassword, isDisabled, provider }) => {
    return !isDisabled && (hasPassword || Boolean(provider));
  });
}
