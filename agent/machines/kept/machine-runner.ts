// Who gives virtual machines their cards and their QEMU: this process, or a helper that has the rights for it.
import { readdir } from 'node:fs/promises';
import { machineFiles, macOfFolder } from './machine-files.ts';
import type { MachinePlan, NetworkPlan } from './plan.ts';
import { type Accelerator, findAccelerator } from './qemu/accelerator.ts';
import { qemuCommand } from './qemu/qemu-command.ts';
import { killQemu, qemuPid, startQemu } from './qemu/qemu-process.ts';
import { Taps } from './taps.ts';

/** What takes rights, of what a machine needs. */
export type MachineRunner = {
  /**
   * Makes its cards, and starts QEMU, which outlives this process. Its disks are there.
   * @throws {WaltError} with what `ip`, `tc` or QEMU said; something may be left then, and `end` takes it away
   */
  start(plan: MachinePlan, accelerator: Accelerator['kind']): Promise<void>;
  /** Whether its QEMU runs. */
  isRunning(mac: string): Promise<boolean>;
  /** Ends QEMU as a pulled plug would, and removes its cards. Nothing happens where there is nothing. */
  end(mac: string): Promise<void>;
  /**
   * Puts the first cards of all machines that are in no bridge any more into walt-net's: it was made anew, as by `systemctl restart networking`.
   * @returns the MACs of those machines
   */
  plugIn(): Promise<readonly string[]>;
  /** Why this kernel cannot delay or slow down a network as it is wanted, in words; undefined where it can. */
  complaintAboutNetworks(networks: readonly NetworkPlan[]): Promise<string | undefined>;
  /** Finds out how machines run here; it takes up to 20 s. */
  accelerator(): Promise<Accelerator>;
};

/** Gets what no other process wants: nice(1). */
const LAST = ['nice', '-n', '19'];

/** Where the machines of one server are. */
export type MachinesPlace = {
  /** of all machines */
  readonly folder: string;
  /** of walt-net */
  readonly bridge: string;
  /** who QEMU is, in its unit; unless said it begins as root */
  readonly user?: string | undefined;
};

/** This process does it. */
export function ownMachineRunner({ folder, bridge, user }: MachinesPlace): MachineRunner {
  const taps = new Taps(bridge, user);
  // Each try is a machine of its own.
  let finding: Promise<Accelerator> | undefined;
  return {
    start: async (plan, accelerator) => {
      const files = machineFiles(folder, plan.mac);
      await taps.add(plan.mac, plan.hardware.networks);
      const command = qemuCommand(plan, { files, accelerator, user });
      await startQemu(files, plan.isInBackground ? [...LAST, ...command] : command, user);
    },
    isRunning: async (mac) => (await qemuPid(machineFiles(folder, mac))) !== undefined,
    end: async (mac) => {
      await killQemu(machineFiles(folder, mac));
      await taps.remove(mac);
    },
    plugIn: async () => {
      const names = await readdir(folder).catch(() => []);
      return await taps.plugIn(names.map(macOfFolder).filter((mac) => mac !== undefined));
    },
    complaintAboutNetworks: (networks) => taps.complaint(networks),
    accelerator: () => {
      finding ??= findAccelerator().finally(() => {
        finding = undefined;
      });
      return finding;
    },
  };
}
