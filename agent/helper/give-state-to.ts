// Before the server starts its state folder becomes its user's.
import { existsSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WaltError } from '../errors.ts';
import { realFolder } from '../host/folders/real-folder.ts';
import { giveState, MACHINES, ownUserOf } from '../host/folders/state-owner.ts';
import { idsOf } from '../host/processes/user-ids.ts';

/** What `ProtectHome=` and `PrivateTmp=` hide. */
const HIDDEN = /^\/(?:home|root|run\/user|tmp|var\/tmp)(?:\/|$)/;

type Names = {
  /** who the server is */
  readonly user: string;
  /** the group that shares the folder of virtual machines */
  readonly machines: string;
  /** where helpers keep their records from now on */
  readonly records: string;
};

/**
 * Gives the state folder, which is made where it is missing, to the user who the server is; also what an earlier server left that was root.
 * @throws {WaltError} where there is no such user or group, or the server's unit would not see the folder
 */
export async function giveStateTo(
  { user, machines: group, records }: Names,
  folder: string,
): Promise<void> {
  const [owner, machines] = await Promise.all([idsOf('passwd', user), idsOf('group', group)]);
  if (owner === undefined || machines === undefined) {
    throw new WaltError(
      `There is no user ${user}, or no group ${group}, on this machine. Once more: systemd-sysusers walt.conf`,
    );
  }
  refuseHidden(folder);
  await moveRecords(folder, records);
  await mkdir(join(folder, MACHINES), { recursive: true, mode: 0o700 });
  const state = await realFolder(folder);
  refuseHidden(state);
  await giveState(state, owner, machines.gid);
}

function refuseHidden(folder: string): void {
  if (!HIDDEN.test(folder)) return;
  throw new WaltError(
    `Cannot keep the state in ${folder}: the server's unit sees nothing of /home, /root, /run/user, /tmp and /var/tmp. Name another folder in the configuration (state).`,
  );
}

/** What an earlier version of the helpers kept in the state folder, which was root's then. */
async function moveRecords(state: string, records: string): Promise<void> {
  if ((await ownUserOf(state)) !== undefined) return;
  await mkdir(records, { recursive: true, mode: 0o700 });
  for (const name of ['nfs', 'names.pid', 'ip-forward']) {
    const from = join(state, name);
    const to = join(records, name);
    const isThere = await lstat(from).catch(() => undefined);
    if (isThere === undefined || existsSync(to)) continue;
    // The state may be on another disk: then they are begun anew.
    await rename(from, to).catch(() => rm(from, { recursive: true, force: true }));
  }
}
