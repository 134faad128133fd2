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
};

/** A node that is to start from its own disk gets there by its firmware. */
export function canStayWarm(
  { bootsLocal }: Pick<Node, 'bootsLocal'>,
  { dhcp, machine, tries }: WarmFacts,
): boolean {
  return bootsLocal !== true && dhcp === 'server' && machine?.isOutdated !== true && tries === 0;
}
