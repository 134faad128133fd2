// A namespace for the server and one for each node, joined by the server's bridge; and nodes that are real NFS
// clients (libnfs).
import { ip } from '../../../lab/network/ip.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { createNamespace, type Namespace, plugMachine } from '../namespace.ts';

export const SERVER = '192.168.152.1';

export type NfsNode = {
  readonly ip: string;
  /** The text of a file, or what the client said instead: a refusal is an answer here. */
  read(path: string, options: { readonly version: 3 | 4 }): Promise<string>;
  /** The names in a folder, by NFSv4, or what the client said instead. */
  list(path: string): Promise<string[]>;
  /** What MOUNT of NFSv3 says of exports. */
  exports(): Promise<string>;
  /** Tries to write a file of this name; what the client said. */
  write(path: string, options: { readonly version: 3 | 4 }): Promise<string>;
  command(argv: readonly string[]): string[];
};

export type NfsNetwork = {
  readonly server: Namespace;
  node(ip: string): NfsNode;
  remove(): Promise<void>;
};

/** Nodes get the addresses 192.168.152.<number>, a number of two digits. */
export async function createNfsNetwork(
  prefix: string,
  numbers: readonly number[],
): Promise<NfsNetwork> {
  const server = await createNamespace(`${prefix}-server`);
  const nodes: Namespace[] = [];
  for (const number of numbers) {
    nodes.push(await addNode(server, { name: `${prefix}-${number}`, number }));
  }
  return {
    server,
    node: (ip) => nodeAt(ip, `${prefix}-${ip.split('.')[3]}`),
    async remove() {
      for (const node of nodes) await node.remove();
      await server.remove();
    },
  };
}

async function addNode(
  server: Namespace,
  { name, number }: { readonly name: string; readonly number: number },
): Promise<Namespace> {
  const mac = `52:54:00:00:00:${number}`;
  const card = { name: 'eth0', mac, port: `v${number}` };
  const node = await plugMachine(server, { name, card });
  await ip('-n', name, 'address', 'add', `192.168.152.${number}/24`, 'dev', 'eth0');
  return node;
}

/** A machine that can mount, wherever it is. */
export function nodeAt(ip: string, namespace: string): NfsNode {
  const command = (argv: readonly string[]) => ['ip', 'netns', 'exec', namespace, ...argv];
  const run = async (argv: readonly string[]) => {
    const { stdout, said } = await runProgram(command(argv), { seconds: 20 });
    return (stdout.toString() || said).trim();
  };
  const url = (path: string, version: 3 | 4) => `nfs://${SERVER}${path}?version=${version}`;
  return {
    ip,
    command,
    list: async (path) => {
      const lines = (await run(['nfs-ls', url(path, 4)])).split('\n').filter(Boolean);
      return lines.map((line) =>
        /^[d-][rwx-]{9} /.test(line) ? (line.split(/\s+/).at(-1) ?? '') : line,
      );
    },
    exports: () => run(['showmount', '--no-headers', '--exports', SERVER]),
    read: (path, { version }) => run(['nfs-cat', url(path, version)]),
    write: (path, { version }) => run(['nfs-cp', '/etc/hostname', url(path, version)]),
  };
}
