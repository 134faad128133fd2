// Whether something works on a state: a server, or the virtual nodes that it left running.
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WaltError } from '../errors.ts';
import { refuseHeld } from '../host/folders/state-lock.ts';
import { machineFiles, macOfFolder } from '../machines/kept/machine-files.ts';
import { qemuPid } from '../machines/kept/qemu/qemu-process.ts';
import { isDatabaseInUse } from '../store/sqlite/schema/snapshot.ts';

/** @throws {WaltError} saying what to stop */
export async function refuseInUse(state: string): Promise<void> {
  await refuseServer(state, `Cannot restore to ${state}`);
  const [mac] = await runningMachines(state);
  if (mac !== undefined) {
    throw new WaltError(
      `Cannot restore to ${state}: its virtual node with MAC ${mac} is on. Start the server, and turn it off with walt node power NODE off.`,
    );
  }
}

/** @param failure what cannot be done then. @throws {WaltError} where a server works on this state */
export async function refuseServer(state: string, failure: string): Promise<void> {
  await refuseHeld(state, { failure });
  // Earlier versions have no such lock.
  const database = join(state, 'walt.db');
  const hasDatabase = await access(database).then(
    () => true,
    () => false,
  );
  if (!hasDatabase || !isDatabaseInUse(database)) return;
  throw new WaltError(
    `${failure}: a server runs there. Stop it first (systemctl stop walt-server).`,
  );
}

/** MACs of the virtual nodes of a state that are on. */
export async function runningMachines(state: string): Promise<string[]> {
  const folder = join(state, 'machines');
  const running: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const mac = macOfFolder(name);
    if (mac === undefined) continue;
    if ((await qemuPid(machineFiles(folder, mac))) !== undefined) running.push(mac);
  }
  return running;
}
