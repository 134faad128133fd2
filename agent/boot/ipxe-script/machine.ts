// The machine for which a script is interpreted: what iPXE would know of it and of its network.

export type ScriptMachine = {
  readonly model: string;
  /** dotted IPv4 of the server, which is also where its files are */
  readonly server: string;
  readonly ip: string;
  readonly netmask: string;
  readonly mac: string;
  readonly hostName: string;
  readonly domain: string;
};

/** Facts as settings: name → type and text. What is not here is empty, as in iPXE. */
export function factsOf(
  machine: ScriptMachine,
): Readonly<Record<string, readonly [string, string]>> {
  const { model, server, ip, netmask, mac, hostName, domain } = machine;
  return {
    ip: ['ipv4', ip],
    netmask: ['ipv4', netmask],
    'next-server': ['ipv4', server],
    'dhcp-server': ['ipv4', server],
    mac: ['mac', mac],
    hostname: ['string', hostName],
    domain: ['string', domain],
    filename: ['string', 'start.ipxe'],
    'user-class': ['string', `walt.node.${model}`],
    model: ['string', model],
    platform: ['string', 'efi'],
    buildarch: ['string', ARCHITECTURES[model] ?? 'x86_64'],
    cwuri: ['string', `http://${server}/boot/start.ipxe`],
    cwduri: ['string', `http://${server}/boot/`],
  };
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  'pc-x86-64': 'x86_64',
  'pc-x86-32': 'i386',
  'pc-arm64': 'arm64',
};

/** What `cpuid --ext 29` tells: the processor knows 64-bit mode (AMD64 manual, CPUID Fn8000_0001 EDX). */
export function isLongModeCapable(model: string): boolean {
  return model === 'pc-x86-64';
}
