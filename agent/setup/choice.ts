// What somebody chose for walt-net.

/** The name of the bridge that leads to the nodes. */
export const BRIDGE = 'walt-net';

/** Nodes behind an interface of this machine. */
export type RealChoice = {
  readonly kind: 'real';
  /** what leads to the nodes */
  readonly interface: string;
  /** number of the VLAN on it, if the nodes are in one */
  readonly vlan?: number;
  /** of the server, with the length of the prefix */
  readonly address: string;
  /** who gives the addresses: this server, or another one */
  readonly dhcp: 'server' | 'proxy';
  /** where other machines reach the server by HTTPS; what is configured stays where it is missing */
  readonly api?: string;
};

/** Virtual nodes alone. */
export type VirtualChoice = {
  readonly kind: 'virtual';
  readonly address: string;
  /** as that of nodes behind an interface: the server is reached at addresses of this machine all the same */
  readonly api?: string;
};

/** Either of them. */
export type Choice = RealChoice | VirtualChoice;

/** The interface that becomes a port of the bridge. */
export function portOf({ interface: name, vlan }: RealChoice): string {
  return vlan === undefined ? name : `walt-vlan${vlan}`;
}
