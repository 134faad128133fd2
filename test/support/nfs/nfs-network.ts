// A namespace for the server and one for each node, joined by the server's bridge; and nodes that are real NFS
// clients (libnfs).

import { watchOver } from '../../../lab/programs/watchdog.ts';
import { $ } from '../../../scripts/run.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

export const SERVER = '192.168.152.1';

export type NfsNode = {
  readonly ip: string;
  /** The text of a file, or what the client said instead: a refusal is an answer here. */
  read(path: string, options: { readonly version: 3 | 4 }): Promise<string>;
  /** Tries to write a file of this name; what the client said. */
  write(path: string, options: { readonly version: 3 | 4 }): Promise<string>;
  command(argv: readonly string[]): string[];
};

export type NfsNetwork = {
  readonly server: Namespace;
  node(ip: string): NfsNode;
  remove(): Promise<void>;
};

/** Nodes get the addresses 192.168.152.<number>. */
export async function createNfsNetwork(
  prefix: string,
  numbers: readonly number[],
): Promise<NfsNetwork> {
  const server = await createNamespace(`${prefix}-server`);
  for (const number of numbers) await addNode(server.name, { name: `${prefix}-${number}`, number });
  return {
    server,
    node: (ip) => nodeAt(ip, `${prefix}-${ip.split('.')[3]}`),
    async remove() {
      for (const number of numbers) await $`ip netns delete ${prefix}-${number}`;
      await server.remove();
    },
  };
}

async function addNode(server: string, { name, number }: { name: string; number: number }) {
  watchOver({ namespaces: [name] });
  await $`ip netns add ${name}`;
  await $`ip -n ${server} link add ${`v${number}`} type veth peer name eth0 netns ${name}`;
  await $`ip -n ${server} link set ${`v${number}`} master walt-net up`;
  await $`ip -n ${name} address add ${`192.168.152.${number}/24`} dev eth0`;
  await $`ip -n ${name} link set eth0 up`;
}

function nodeAt(ip: string, namespace: string): NfsNode {
  const command = (argv: readonly string[]) => ['ip', 'netns', 'exec', namespace, ...argv];
  const run = async (argv: readonly string[]) => {
    const { stdout, stderr } = await $({ nothrow: true })`timeout 20 ${command(argv)}`;
    return (stdout || stderr).trim();
  };
  const url = (path: string, version: 3 | 4) => `nfs://${SERVER}${path}?version=${version}`;
  return {
    ip,
    command,
    read: (path, { version }) => run(['nfs-cat', url(path, version)]),
    write: (path, { version }) => run(['nfs-cp', '/etc/hostname', url(path, version)]),
  };
}
