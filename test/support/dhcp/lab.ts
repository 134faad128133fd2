// A network of machines for tests of DHCP: a host with the DHCP server, and machines each with one card on its bridge.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import { Background } from '../../../lab/programs/background.ts';
import { type ProgramResult, succeed } from '../../../lab/programs/run-program.ts';
import { watchOver } from '../../../lab/programs/watchdog.ts';
import { createNamespace, type Namespace, plugMachine } from '../namespace.ts';

export type Machine = {
  readonly namespace: Namespace;
  readonly card: string;
  readonly mac: string;
  /** Runs a program on the machine to its end; it must end well. */
  run(...argv: string[]): Promise<ProgramResult>;
  /** Starts a program that runs beside the test. */
  start(...argv: string[]): Background;
  /** Its address, or an empty text. */
  address(): Promise<string>;
};

export type DhcpLab = {
  readonly folder: string;
  readonly host: Namespace;
  /** What udhcpc and dhclient run when something changes: takes or drops the address, and says so. */
  readonly script: string;
  addMachine(card: string): Promise<Machine>;
  startServer(options?: ServerOptions): Promise<Background>;
};

type ServerOptions = {
  readonly leaseSeconds?: number;
  readonly mode?: 'server' | 'proxy';
  /** the bridge unless given */
  readonly networkInterface?: string;
  /** what runs it, before its own command line */
  readonly by?: readonly string[];
};

/** @param name of the namespaces, unlike that of any other test; at most 8 characters */
export async function openDhcpLab(t: ExecutionContext, name: string): Promise<DhcpLab> {
  const folder = await mkdtemp(join(tmpdir(), `walt-dhcp-${name}-`));
  t.teardown(() => rm(folder, { recursive: true }));
  watchOver({ folders: [folder] });
  const host = await createNamespace(`${name}-host`);
  t.teardown(() => host.remove());
  let count = 0;
  return {
    folder,
    host,
    script: TAKE_ADDRESS,
    addMachine: async (card) => {
      count += 1;
      const mac = `52:54:00:00:0c:${String(count).padStart(2, '0')}`;
      const plug = { name: `${name}-${card}`, card: { name: card, mac } };
      const namespace = await plugMachine(host, plug);
      t.teardown(() => namespace.remove());
      return machine(t, { namespace, card, mac });
    },
    startServer: async (options = {}) => {
      const { leaseSeconds = 600, mode = 'server', by = [] } = options;
      const { networkInterface = 'walt-net' } = options;
      const program = join(import.meta.dirname, 'server-process.ts');
      const database = join(folder, 'walt.db');
      const argv = [process.execPath, program, networkInterface, database, `${leaseSeconds}`, mode];
      const server = new Background(host.command([...by, ...argv]));
      t.teardown(() => server.kill());
      await server.waitFor(/listening/);
      return server;
    },
  };
}

function machine(t: ExecutionContext, parts: Pick<Machine, 'namespace' | 'card' | 'mac'>): Machine {
  const { namespace, card } = parts;
  return {
    ...parts,
    run: (...argv) => succeed(namespace.command(argv)),
    start: (...argv) => {
      const program = new Background(namespace.command(argv));
      t.teardown(() => program.kill());
      return program;
    },
    address: async () => {
      const { said } = await succeed(
        namespace.command(['ip', '-4', '-o', 'address', 'show', card]),
      );
      return /inet ([\d.]+)\//.exec(said)?.[1] ?? '';
    },
  };
}
