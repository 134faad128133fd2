// The network interfaces of this network. iproute2 is asked: files in /sys are of the network in which they were mounted, and
// the server may have entered another one since.
import { runProgram } from '../processes/program.ts';

/** An interface, as the kernel knows it. */
export type Link = {
  readonly name: string;
  readonly isUp: boolean;
  /** whether a cable is plugged in, or a port of a bridge is on */
  readonly hasCarrier: boolean;
  readonly mtu: number;
  /** the bridge that it is in */
  readonly master?: string;
  /** for a bridge alone; the delay is in hundredths of a second */
  readonly bridge?: { readonly hasSpanningTree: boolean; readonly forwardDelay: number };
};

type Said = {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly master?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: { readonly stp_state?: number; readonly forward_delay?: number };
  };
};

/** All of them. @throws {WaltError} with what `ip` said */
export async function links(): Promise<Link[]> {
  const text = await runProgram('ip', ['-json', '-details', 'link', 'show']);
  // Some versions write an empty object for an interface that goes away just then.
  return (JSON.parse(text) as Partial<Said>[]).filter(isWhole).map(linkOf);
}

/** The interface of this name, if there is one. @throws {WaltError} with what `ip` said */
export async function linkNamed(name: string): Promise<Link | undefined> {
  return (await links()).find((link) => link.name === name);
}

function isWhole(said: Partial<Said>): said is Said {
  return said.ifname !== undefined && said.flags !== undefined;
}

function linkOf({ ifname: name, flags, mtu, master, linkinfo }: Said): Link {
  const data = linkinfo?.info_data;
  const isBridge = linkinfo?.info_kind === 'bridge';
  return {
    name,
    mtu,
    isUp: flags.includes('UP'),
    hasCarrier: flags.includes('LOWER_UP'),
    ...(master === undefined ? {} : { master }),
    ...(isBridge
      ? {
          bridge: {
            hasSpanningTree: data?.stp_state === 1,
            forwardDelay: data?.forward_delay ?? 0,
          },
        }
      : {}),
  };
}
