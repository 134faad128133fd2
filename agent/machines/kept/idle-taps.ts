// What virtual machines that are off left in this network: their taps, which outlive QEMU, and bridges of secondary networks.
import { readdir } from 'node:fs/promises';
import { machineFiles, macOfFolder } from './machine-files.ts';
import { qemuPid } from './qemu/qemu-process.ts';
import { Taps } from './taps.ts';

/**
 * Removes them. Nothing happens to those of machines that run.
 * @param folder of all machines
 * @param bridge of walt-net
 */
export async function removeIdleTaps(folder: string, bridge: string): Promise<void> {
  const taps = new Taps(bridge);
  for (const name of await readdir(folder).catch(() => [])) {
    const mac = macOfFolder(name);
    if (mac === undefined || (await qemuPid(machineFiles(folder, mac))) !== undefined) continue;
    await taps.remove(mac);
  }
}
