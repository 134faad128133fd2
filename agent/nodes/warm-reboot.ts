// Whether a node that is told to reboot may go on by kexec, past its firmware: nothing is to be changed by going through it.
import type { Node } from '../devices/device.ts';
import type { MachineState } from '../machines/kept/kept-machine.ts';

/** What is known of it beside the node itself. */
export type WarmFacts = {
  /** who gives addresses: of another DHCP server the lease would end, as no loader asks it for the address again */
  readonly dhcp: 'server' | 'proxy';
  /** of a virtual node: hardware that it is to get comes with a reset */
  readonly machine: MachineState | undefined;
  /** how often healing has helped it since it was last up */
  readonly tries: number;
  /** whether it did not come up by kexec lately, with the image that it is to boot (`boots/failed-warm.ts`) */
  readonly hasFailed: boolean;
};

/**
 * A node that is to start from its own disk gets there by its firmware. A machine that QEMU emulates has a quick one, and is slow
 * after kexec: QEMU looks at each write to memory that has held code.
 */
export function canStayWarm(
  { bootsLocal }: Pick<Node, 'bootsLocal'>,
  { dhcp, machine, tries, hasFailed }: WarmFacts,
): boolean {
  const isHealthy = tries === 0 && !hasFailed;
  return bootsLocal !== true && dhcp === 'server' && isQuick(machine) && isHealthy;
}

function isQuick(machine: MachineState | undefined): boolean {
  return machine?.isOutdated !== true && machine?.accelerator !== 'tcg';
}
