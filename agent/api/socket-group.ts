// Who may use the socket of the API: root, and the members of one group of this machine.
import { execFile } from 'node:child_process';
import { chmod, chown, readFile } from 'node:fs/promises';
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

/** By getent where it is not in /etc/group: not all groups are. */
async function groupId(name: string): Promise<number | undefined> {
  const local = idIn(await readFile('/etc/group', 'utf8').catch(() => ''), name);
  if (local !== undefined) return local;
  try {
    const { stdout } = await promisify(execFile)('getent', ['group', name]);
    return idIn(stdout, name);
  } catch (reason) {
    if (reason instanceof Error && 'code' in reason && reason.code === NO_ENTRY) return undefined;
    throw reason;
  }
}

/** @param text as of group(5) */
function idIn(text: string, name: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name}:`));
  const [, , id = ''] = line?.split(':') ?? [];
  return /^\d+$/.test(id) ? Number(id) : undefined;
}
