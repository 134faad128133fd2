// Looks for DHCP servers behind an interface before walt-net is there, from a network of its own: no address, route or port of
// this machine is touched.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkNamed } from '../host/links/links.ts';
import { runProgram } from '../host/processes/program.ts';
import { bytesToMac } from '../protocol/mac.ts';
import type { RealChoice } from './choice.ts';

/** Where the question is asked from, and its address, which nobody else has. */
const CARD = 'walt-probe';
const OWN = '169.254.152.67/16';
/** A cable needs a moment after its interface was switched on. */
const CARRIER_MS = 3000;

/**
 * Addresses of the servers that answer; empty where there is none.
 * @param ask the command that asks, to be run in that network (`--ask-dhcp MAC`); prints the servers as JSON
 * @throws {WaltError} where this machine cannot ask
 */
export async function otherDhcpServers(
  choice: Pick<RealChoice, 'interface' | 'vlan'>,
  ask: (mac: string) => readonly string[],
): Promise<string[]> {
  const name = `walt-setup-${process.pid}`;
  const wasUp = (await linkNamed(choice.interface))?.isUp === true;
  const mac = bytesToMac(Uint8Array.of(2, ...randomBytes(5)));
  await ip('netns', 'add', name);
  try {
    if (!wasUp) await switchOn(choice.interface);
    await plug(choice, { name, mac });
    const [program = '', ...args] = ask(mac);
    const said = await runProgram('nsenter', [`--net=/run/netns/${name}`, '--', program, ...args]);
    return JSON.parse(said) as string[];
  } finally {
    await ip('netns', 'delete', name);
    if (!wasUp) await ip('link', 'set', choice.interface, 'down');
  }
}

async function switchOn(name: string): Promise<void> {
  await ip('link', 'set', name, 'up');
  for (let waited = 0; waited < CARRIER_MS; waited += 100) {
    if ((await linkNamed(name))?.hasCarrier === true) return;
    await sleep(100);
  }
}

async function plug(
  { interface: parent, vlan }: Pick<RealChoice, 'interface' | 'vlan'>,
  { name, mac }: { readonly name: string; readonly mac: string },
): Promise<void> {
  const type = vlan === undefined ? ['macvlan', 'mode', 'bridge'] : ['vlan', 'id', String(vlan)];
  const card = ['name', CARD, ...(vlan === undefined ? ['address', mac] : [])];
  await ip('link', 'add', 'link', parent, ...card, 'netns', name, 'type', ...type);
  await ip('-n', name, 'address', 'add', OWN, 'dev', CARD);
  await ip('-n', name, 'link', 'set', CARD, 'up');
  // Answers come from any address.
  await ip('-n', name, 'route', 'add', 'default', 'dev', CARD);
}

async function ip(...words: string[]): Promise<void> {
  await runProgram('ip', words);
}
