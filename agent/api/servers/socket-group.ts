// Who may use the socket of the API: root, and the members of one group of this machine.
import { chmod, chown, stat } from 'node:fs/promises';
import { WaltError } from '../../errors.ts';
import { idsOf } from '../../host/processes/user-ids.ts';

const USUAL = 'walt';

/**
 * Lets the members of `group` use a socket. Without one that is group `walt`, and root alone where there is no such group.
 * @param number of that group
 * @throws {WaltError} if there is no `group`
 */
export async function openToGroup(
  socket: string,
  group: string | undefined,
  number: Promise<number | undefined> = groupNumber(group),
): Promise<void> {
  await chmod(socket, 0o660);
  const id = await number;
  const { uid, gid } = await stat(socket);
  // A server with a user of its own makes it so; it may give files to nobody.
  if (id === gid) return;
  if (id !== undefined && uid !== 0) {
    throw new WaltError(
      `Cannot start: the API's socket has the group of this service's own user, not ${group ?? USUAL} (api.group). ` +
        `Leave api.group out, or name the group to systemd: systemctl edit walt-server.service, [Service], Group=${group ?? USUAL}`,
    );
  }
  if (id !== undefined) return await chown(socket, uid, id);
  if (group === undefined) return;
  throw new WaltError(
    `Cannot start: api.group is ${group}, but this machine has no such group. ` +
      `Make it (groupadd --system ${group}), or leave api.group out.`,
  );
}

/** Takes a program where the group is none of /etc/group. @returns undefined where there is no such group */
export async function groupNumber(group: string | undefined): Promise<number | undefined> {
  return (await idsOf('group', group ?? USUAL))?.gid;
}
