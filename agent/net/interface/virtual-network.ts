// A walt-net that exists on this computer only: a network namespace with a bridge, for virtual nodes. Nothing of the
// machine's own network is touched.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readlink, stat } from 'node:fs/promises';
import { ConfigError, messageOf } from '../../errors.ts';
import { runProgram } from '../../host/processes/program.ts';
import { definedOnes, type Environment, type Execution } from '../bound-sockets.ts';
import { isNamespace, removeStaleName } from './stale-name.ts';

/** What the configuration says of it. */
export type VirtualNetwork = {
  /** name of the namespace, as `ip netns` has it */
  readonly namespace: string;
  /** name of the bridge in it */
  readonly interface: string;
  /** of the server on the bridge, with the length of the prefix */
  readonly address: string;
};

/** Router discovery makes some boot loaders wait. The files are those of the network that reads them. */
const WITHOUT_IPV6 =
  'for file in /proc/sys/net/ipv6/conf/*/disable_ipv6; do [ ! -e "$file" ] || echo 1 > "$file"; done';

/**
 * Makes what is missing of it. Where that fails, nothing of it is left but what was there before.
 * @returns whether there was none of this name
 * @throws {ConfigError} with what `ip` said
 */
export async function makeVirtualNetwork(
  network: VirtualNetwork,
): Promise<{ readonly isNew: boolean }> {
  const { namespace } = network;
  let isNew = false;
  try {
    if (!(await namespaceExists(namespace))) {
      await removeStaleName(fileOf(namespace));
      await ip('netns', 'add', namespace);
      isNew = true;
    }
    await runProgram('nsenter', [...entering(namespace), 'sh', '-c', WITHOUT_IPV6]);
    await inside(network);
    return { isNew };
  } catch (cause) {
    // Why it cannot be made is what people have to know.
    if (isNew) await ip('netns', 'delete', namespace).catch(() => undefined);
    const why = messageOf(cause);
    throw new ConfigError(`Cannot make network ${namespace} (network.namespace): ${why}`, {
      cause,
    });
  }
}

/** Whether this process is in it. */
export async function isInNamespace(name: string): Promise<boolean> {
  const own = await readlink('/proc/self/ns/net');
  const there = await stat(fileOf(name)).catch(() => undefined);
  return own === `net:[${there?.ino}]`;
}

/** Whether there is a namespace of this name. A file that only bears the name is none. */
export async function namespaceExists(name: string): Promise<boolean> {
  return await isNamespace(fileOf(name));
}

/** What to hand to `process.execve` so that `argv` runs in this process and in that network. Mounts stay those of all. */
export function inNamespace(name: string, argv: readonly string[], env: Environment): Execution {
  return {
    file: '/usr/bin/nsenter',
    args: ['nsenter', ...entering(name), ...argv],
    env: definedOnes(env),
  };
}

/**
 * Takes the name away, unless virtual nodes or others are still there; the network ends with this process, if it is the last one.
 * @returns whether it is gone
 */
export async function leaveVirtualNetwork(name: string): Promise<boolean> {
  const pids = (await runProgram('ip', ['netns', 'pids', name])).split('\n').filter(Boolean);
  const others = pids.filter((pid) => pid !== String(process.pid));
  // The program that listed them was there, too.
  if (others.some((pid) => existsSync(`/proc/${pid}`))) return false;
  await ip('netns', 'delete', name);
  return true;
}

async function inside({ namespace, interface: bridge, address }: VirtualNetwork): Promise<void> {
  const has = (...words: string[]) =>
    runProgram('ip', ['-n', namespace, ...words]).catch(() => undefined);
  await ip('-n', namespace, 'link', 'set', 'lo', 'up');
  if ((await has('link', 'show', 'dev', bridge)) === undefined) {
    // Without a forward delay a port forwards at once: a node's first DHCP packets are not lost.
    const kind = ['type', 'bridge', 'stp_state', '0', 'forward_delay', '0'];
    await ip('-n', namespace, 'link', 'add', bridge, 'address', macOf(namespace), ...kind);
  }
  const addresses = (await has('-brief', '-4', 'address', 'show', 'dev', bridge)) ?? '';
  if (!addresses.split(/\s+/).includes(address)) {
    await ip('-n', namespace, '-4', 'address', 'flush', 'dev', bridge);
    await ip('-n', namespace, 'address', 'add', address, 'dev', bridge);
  }
  await ip('-n', namespace, 'link', 'set', bridge, 'up');
}

function entering(name: string): string[] {
  return [`--net=${fileOf(name)}`, '--'];
}

function fileOf(name: string): string {
  return `/run/netns/${name}`;
}

/** Without one of its own a bridge has that of a port, another one when that port comes or leaves. */
function macOf(name: string): string {
  const rest = createHash('sha256').update(name).digest('hex').slice(0, 10);
  return `02:${rest.match(/../g)?.join(':')}`;
}

async function ip(...words: string[]): Promise<void> {
  await runProgram('ip', words);
}
