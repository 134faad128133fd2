// A network of our own on this machine: a network namespace holding the bridge `walt-net`, which carries the
// server's address and the taps of virtual nodes. Nothing sent on it leaves the machine.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { $ as shell } from '../../scripts/run.ts';

// A ctrl-C reaches the whole process group of a terminal; what makes or removes a namespace has to finish all the same.
const $ = shell({ detached: true });

/** The name of the bridge inside every namespace: the server is told to listen on this interface. */
export const BRIDGE = 'walt-net';

/** A network namespace made by `createNamespace()`. */
export type Namespace = {
  readonly name: string;
  /** The argument vector that runs `argv` inside the namespace, with the same process id as the one spawned. */
  command(argv: readonly string[]): string[];
  /** Adds a tap to the bridge, for the network card of one virtual machine. */
  addTap(tap: string): Promise<void>;
  removeTap(tap: string): Promise<void>;
  /** Ends what still runs inside, then deletes the namespace with its bridge and taps. */
  remove(): Promise<void>;
};

/** Makes a namespace with the bridge, the address (CIDR) of the server on it and its loopback up. */
export async function createNamespace(
  name: string,
  { bridge = BRIDGE, address = '192.168.152.1/24' }: { bridge?: string; address?: string } = {},
): Promise<Namespace> {
  await $`ip netns add ${name}`;
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
      await $`ip -n ${name} tuntap add dev ${tap} mode tap`;
      await $`ip -n ${name} link set ${tap} master ${bridge} up`;
    },
    async removeTap(tap) {
      await $`ip -n ${name} link delete ${tap}`;
    },
    remove: () => removeNamespace(name),
  };
}

/** Whether a namespace of this name exists. */
export async function namespaceExists(name: string): Promise<boolean> {
  const { stdout } = await $`ip netns list`;
  return stdout.split('\n').some((line) => line.split(' ')[0] === name);
}

async function configure(name: string, bridge: string, address: string): Promise<void> {
  // Router discovery makes some boot loaders wait; the platform speaks IPv4 only, so IPv6 stays out of the way.
  await $`ip netns exec ${name} sh -c ${'for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e "$f" ] || echo 1 > "$f"; done'}`;
  await $`ip -n ${name} link set lo up`;
  // Without a forward delay a port forwards at once: a node's first DHCP packets are not lost.
  const mac = ['address', macOf(name)];
  await $`ip -n ${name} link add ${bridge} ${mac} type bridge stp_state 0 forward_delay 0`;
  await $`ip -n ${name} address add ${address} dev ${bridge}`;
  await $`ip -n ${name} link set ${bridge} up`;
}

/** Without one of its own a bridge has that of a port, another one when that port comes or leaves. */
function macOf(name: string): string {
  const rest = createHash('sha256').update(name).digest('hex').slice(0, 10);
  return `02:${rest.match(/../g)?.join(':')}`;
}

async function removeNamespace(name: string): Promise<void> {
  await endProcesses(name);
  await $`ip netns delete ${name}`;
  await unmountRegistry();
}

async function endProcesses(name: string): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const { stdout } = await $`ip netns pids ${name}`;
    const pids = stdout.split('\n').filter(Boolean);
    if (pids.length === 0) return;
    // `kill` fails for a process that ended meanwhile: the next round looks again.
    await $({ nothrow: true })`kill ${round < 20 ? '-TERM' : '-KILL'} ${pids}`;
    await sleep(100);
  }
  throw new Error(`Cannot remove namespace ${name}: some of its processes do not end`);
}

/** The first `ip netns add` mounts /run/netns on itself; the last one to leave takes that mount away again. */
async function unmountRegistry(): Promise<void> {
  const names = await readdir('/run/netns');
  if (names.length > 0) return;
  // Refused as busy when somebody has just added a namespace: then it is theirs to remove.
  await $({ nothrow: true })`umount /run/netns`;
}
