// PCs that are a namespace each, with clients of Debian for what a boot loader does: udhcpc, curl, socat.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TAKE_ADDRESS } from '../clients/take-address.ts';
import type { Namespace } from '../network/namespace.ts';
import { plugMachine } from '../network/plug-machine.ts';
import { Background } from '../programs/background.ts';
import { watchOver } from '../programs/watchdog.ts';

const LOADER = join(import.meta.dirname, '../firmware/loader.sh');

/** One of them; off until it is powered on. */
export type SimulatedPc = {
  readonly mac: string;
  /** as the server calls it */
  readonly node: string;
  readonly machine: Namespace;
  powerOn(): void;
  /** Pulls the plug. */
  powerOff(): Promise<void>;
};

/** What they are plugged into, and what they ask. */
export type PcsOptions = {
  readonly server: string;
  readonly count: number;
  /** of their files */
  readonly folder: string;
  /** begins the names of their namespaces, unlike that of any others */
  readonly name: string;
};

/** Plugs them in; whoever asked for them turns them off and removes their namespaces. */
export async function plugPcs(host: Namespace, options: PcsOptions): Promise<SimulatedPc[]> {
  const pcs: SimulatedPc[] = [];
  for (let index = 0; index < options.count; index += 1) {
    pcs.push(await plugPc(host, index, options));
  }
  return pcs;
}

async function plugPc(
  host: Namespace,
  index: number,
  { server, folder, name }: PcsOptions,
): Promise<SimulatedPc> {
  const end = (0x10 + index).toString(16);
  const mac = `52:54:00:00:1a:${end}`;
  const own = `${name}${index}-${process.pid}`;
  watchOver({ namespaces: [own] });
  const card = { name: 'card', mac, port: `pc${index}` };
  const machine = await plugMachine(host, { name: own, card });
  const place = join(folder, `pc${index}`);
  await mkdir(place, { recursive: true });
  const argv = ['sh', LOADER, 'card', server, TAKE_ADDRESS, place, `http://${server}/boot`];
  let loader: Background | undefined;
  return {
    ...{ mac, machine, node: `node-001a${end}` },
    powerOn: () => {
      loader = new Background(machine.command(argv));
    },
    powerOff: async () => {
      await loader?.kill();
      await machine.endAll();
    },
  };
}
