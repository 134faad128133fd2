// What this machine has, for the checks of a setup.
import { readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { links } from '../host/links/links.ts';
import { runProgram } from '../host/processes/program.ts';
import { inspectMachine } from '../nfs/backend.ts';
import type { MachineFacts } from './checks.ts';

/** Of what the server opens on walt-net; a program that has one on all addresses is in the way. */
const PORTS = ['67', '69', '80', '12347'];

/** @param etc /etc, or what stands for it */
export async function machineFacts(etc: string): Promise<MachineFacts> {
  const { hasNfsd, hasExportfs, hasGanesha, hasRpcbind } = await inspectMachine();
  return {
    links: await links(),
    addresses: await addresses(),
    ofIfupdown: await interfacesOfIfupdown(join(etc, 'network')),
    portsInUse: await portsInUse(),
    freeBytes: await freeBytes(),
    hasKernelNfs: hasNfsd && hasExportfs,
    hasGanesha: hasGanesha && hasRpcbind,
    firewallDrops: await firewallDrops(),
  };
}

type Shown = {
  readonly ifname: string;
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
};

async function addresses(): Promise<MachineFacts['addresses']> {
  const shown: Shown[] = JSON.parse(await runProgram('ip', ['-json', '-4', 'address', 'show']));
  return shown
    .filter(({ ifname }) => ifname !== undefined)
    .flatMap(({ ifname, addr_info: all }) =>
      all.map(({ local, prefixlen }) => ({ interface: ifname, address: `${local}/${prefixlen}` })),
    );
}

/** `iface eth0 inet dhcp`, in the file itself or beside it. */
async function interfacesOfIfupdown(folder: string): Promise<string[]> {
  const beside = await readdir(join(folder, 'interfaces.d')).catch(() => []);
  const paths = ['interfaces', ...beside.map((name) => join('interfaces.d', name))];
  const texts = paths.map((path) => readFile(join(folder, path), 'utf8').catch(() => ''));
  return (await Promise.all(texts))
    .join('\n')
    .split('\n')
    .flatMap((line) => /^\s*iface\s+(\S+)/.exec(line)?.[1] ?? []);
}

/** `udp UNCONN 0 0 0.0.0.0:69 0.0.0.0:* users:(("in.tftpd",pid=1,fd=4))` */
async function portsInUse(): Promise<string[]> {
  const said = await runProgram('ss', ['-4lntupH']);
  return said.split('\n').flatMap((line) => {
    const [protocol = '', , , , local = '', , users = ''] = line.split(/\s+/);
    const [address, port = ''] = local.split(':');
    if (address !== '0.0.0.0' || !PORTS.includes(port)) return [];
    return `${protocol} ${port} (${/"([^"]+)"/.exec(users)?.[1] ?? 'unknown'})`;
  });
}

async function freeBytes(): Promise<number> {
  const { bavail, bsize } = await statfs('/var/lib');
  return bavail * bsize;
}

/** A chain for what comes in that drops what it does not know. */
async function firewallDrops(): Promise<boolean> {
  const rules = await runProgram('nft', ['list', 'ruleset']).catch(() => '');
  return /hook input [^}]*policy drop/.test(rules);
}
