// The machine for which a script is interpreted: what iPXE would know of it and of its network.
import { architecturesOf } from '../models.ts';

/** The machine and the network; a machine is taken for one with one card. */
export type ScriptMachine = {
  readonly model: string;
  /** dotted IPv4 of the server, which is also where its files are */
  readonly server: string;
  readonly ip: string;
  readonly netmask: string;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac: string;
  readonly hostName: string;
  readonly domain: string;
  /** dotted IPv4 of the way to other networks, if the machine is to have one */
  readonly gateway?: string;
  /** kind of bus, vendor and device of its card, such as `01-80-86-10-0e`, where it is known */
  readonly busId?: string;
};

/** Facts as settings: name → type and text. What is not here is empty, as in iPXE. */
export function factsOf(
  machine: ScriptMachine,
): Readonly<Record<string, readonly [string, string]>> {
  const { model, server, ip, netmask, mac, hostName, domain, gateway, busId } = machine;
  return {
    ip: ['ipv4', ip],
    netmask: ['ipv4', netmask],
    ...(gateway === undefined ? {} : { gateway: ['ipv4', gateway] as const }),
    'next-server': ['ipv4', server],
    'dhcp-server': ['ipv4', server],
    mac: ['mac', mac],
    ...(busId === undefined ? {} : { busid: ['hexhyp', busId] as const }),
    hostname: ['string', hostName],
    domain: ['string', domain],
    filename: ['string', 'start.ipxe'],
    'user-class': ['string', `walt.node.${model}`],
    model: ['string', model],
    platform: ['string', 'efi'],
    buildarch: ['string', BUILDS[architecturesOf(model)[0] ?? ''] ?? 'x86_64'],
    cwuri: ['string', `http://${server}/boot/start.ipxe`],
    cwduri: ['string', `http://${server}/boot/`],
  };
}

/** iPXE's names of the architectures that it is built for, by Go's. */
const BUILDS: Readonly<Record<string, string>> = { amd64: 'x86_64', '386': 'i386', arm64: 'arm64' };
