// Whether a node that is told to reboot may go on by kexec, past its firmware: nothing is to be changed by going through it.
import type { BootState } from '../boot/progress.ts';
import type { Node } from '../devices/device.ts';
import type { MachineState } from '../machines/kept/kept-machine.ts';

/** What is known of it beside the node itself. */
export type WarmFacts = {
  /** who gives addresses: of another DHCP server the lease would end, as no loader asks it for the address again */
  readonly dhcp: 'server' | 'proxy';
  /** how far its last boot has come; undefined where none was seen */
  readonly state: BootState | undefined;
  /** of a virtual node: hardware that it is to get comes with a reset */
  readonly machine: MachineState | undefined;
  /** how often healing has helped it since it was last up */
  readonly tries: number;
  /** asks the disk whether it did not come up by kexec lately, with the image that it is to boot (`boots/failed-warm.ts`) */
  readonly hasFailed: () => Promise<boolean>;
};

/** What the node waits for has its settings, too, and it waits for 5 s: a disk that hangs is not to keep them from it. */
const DISK_MS = 1000;

/**
 * A node that is to start from its own disk gets there by its firmware. A machine that QEMU emulates has a quick one, and is slow
 * after kexec: QEMU looks at each write to memory that has held code. A node on its way up asks as well, for its settings: of a
 * rack that boots the disk is not asked. Where the disk does not answer, the firmware does.
 */
export async function canStayWarm(
  { bootsLocal }: Pick<Node, 'bootsLocal'>,
  { dhcp, state, machine, tries, hasFailed }: WarmFacts,
): Promise<boolean> {
  const mayStay =
    bootsLocal !== true &&
    dhcp === 'server' &&
    !isOnItsWay(state) &&
    isQuick(machine) &&
    tries === 0;
  return mayStay && (await isKnownGood(hasFailed));
}

function isOnItsWay(state: BootState | undefined): boolean {
  return state === 'dhcp' || state === 'files' || state === 'mounted';
}

function isQuick(machine: MachineState | undefined): boolean {
  return machine?.isOutdated !== true && machine?.accelerator !== 'tcg';
}

async function isKnownGood(hasFailed: () => Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(late.resolve, DISK_MS, false);
  const told = hasFailed().then(
    (failed) => !failed,
    () => false,
  );
  try {
    return await Promise.race([told, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
