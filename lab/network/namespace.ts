// A network of our own on this machine: a network namespace holding the bridge `walt-net`, which carries the
// server's address and the taps of virtual nodes. Nothing sent on it leaves the machine.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineNetwork } from '../machines/network.ts';
import { runProgram } from '../programs/run-program.ts';
import { ip } from './ip.ts';

/** The name of the bridge inside every namespace: the server is told to listen on this interface. */
export const BRIDGE = 'walt-net';

/** A network namespace made by `createNamespace()`; virtual machines can be plugged into its bridge. */
export type Namespace = MachineNetwork & {
  readonly name: string;
  /** Ends what still runs inside. */
  endAll(): Promise<void>;
  /** Ends what still runs inside, then deletes the namespace with its bridge and taps. */
  remove(): Promise<void>;
};

/**
 * Makes a namespace with the bridge, the address (CIDR) of the server on it and its loopback up.
 * @throws {Error} with what `ip` said; no namespace is left then
 */
export async function createNamespace(
  name: string,
  { bridge = BRIDGE, address = '192.168.152.1/24' }: { bridge?: string; address?: string } = {},
): Promise<Namespace> {
  await ip('netns', 'add', name);
  try {
    await configure(name, bridge, address);
  } catch (error) {
    await removeNamespace(name);
    throw error;
  }
  return openNamespace(name, { bridge });
}

/** The namespace of this name, made earlier, perhaps by another process. */
export function openNamespace(
  name: string,
  { bridge = BRIDGE }: { bridge?: string } = {},
): Namespace {
  return {
    name,
    command: (argv) => ['ip', 'netns', 'exec', name, ...argv],
    async addTap(tap) {
      await ip('-n', name, 'tuntap', 'add', 'dev', tap, 'mode', 'tap');
      await ip('-n', name, 'link', 'set', tap, 'master', bridge, 'up');
    },
    async removeTap(tap) {
      await ip('-n', name, 'link', 'delete', tap);
    },
    endAll: () => endProcesses(name),
    remove: () => removeNamespace(name),
  };
}

/** Whether a namespace of this name exists. */
export async function namespaceExists(name: string): Promise<boolean> {
  const names = await ip('netns', 'list');
  return names.split('\n').some((line) => line.split(' ')[0] === name);
}

async function configure(name: string, bridge: string, address: string): Promise<void> {
  await disableIpv6(name);
  await ip('-n', name, 'link', 'set', 'lo', 'up');
  // Without a forward delay a port forwards at once: a node's first DHCP packets are not lost.
  const kind = ['type', 'bridge', 'stp_state', '0', 'forward_delay', '0'];
  await ip('-n', name, 'link', 'add', bridge, 'address', macOf(name), ...kind);
  await ip('-n', name, 'address', 'add', address, 'dev', bridge);
  await ip('-n', name, 'link', 'set', bridge, 'up');
}

/** Router discovery makes some boot loaders wait; the lab speaks IPv4 only, so IPv6 stays out of the way. */
async function disableIpv6(name: string): Promise<void> {
  const script =
    'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e "$f" ] || echo 1 > "$f"; done';
  await ip('netns', 'exec', name, 'sh', '-c', script);
}

/** Without one of its own a bridge has that of a port, another one when that port comes or leaves. */
function macOf(name: string): string {
  const rest = createHash('sha256').update(name).digest('hex').slice(0, 10);
  return `02:${rest.match(/../g)?.join(':')}`;
}

async function removeNamespace(name: string): Promise<void> {
  await endProcesses(name);
  await ip('netns', 'delete', name);
  await unmountRegistry();
}

async function endProcesses(name: string): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const pids = (await ip('netns', 'pids', name)).split('\n').filter(Boolean);
    if (pids.length === 0) return;
    // `kill` fails for a process that ended meanwhile: the next round looks again.
    await runProgram(['kill', round < 20 ? '-TERM' : '-KILL', ...pids], { isDetached: true });
    await sleep(100);
  }
  throw new Error(`Cannot remove namespace ${name}: some of its processes do not end`);
}

/** The first `ip netns add` mounts /run/netns on itself; the last one to leave takes that mount away again. */
async function unmountRegistry(): Promise<void> {
  const names = await readdir('/run/netns');
  if (names.length > 0) return;
  // Refused as busy when somebody has just added a namespace: then it is theirs to remove.
  await runProgram(['umount', '/run/netns'], { isDetached: true });
}
