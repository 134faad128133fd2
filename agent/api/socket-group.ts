// Who may use the socket of the API: root, and the members of one group of this machine.
import { execFile } from 'node:child_process';
import { chmod, chown } from 'node:fs/promises';
import { promisify } from 'node:util';
import { WaltError } from '../errors.ts';

const USUAL = 'walt';
/** Of getent(1): there is no such entry. */
const NO_ENTRY = 2;

/**
 * Lets the members of `group` use a socket. Without one that is group `walt`, and root alone where there is no such group.
 * @throws {WaltError} if there is no `group`
 */
export async function openToGroup(socket: string, group: string | undefined): Promise<void> {
  await chmod(socket, 0o660);
  const id = await groupId(group ?? USUAL);
  if (id !== undefined) return await chown(socket, process.getuid?.() ?? 0, id);
  if (group === undefined) return;
  throw new WaltError(
    `Cannot start: api.group is ${group}, but this machine has no such group. ` +
      `Make it (groupadd --system ${group}), or leave api.group out.`,
  );
}

/** By getent: not all groups are in /etc/group. */
async function groupId(name: string): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('getent', ['group', name]);
    return Number(stdout.split(':')[2]);
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === NO_ENTRY) return undefined;
    throw reason;
  }
}
