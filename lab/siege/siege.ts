/**
 * A lab whose machines boot while others attack: simulated PCs, a PC in QEMU, a machine whose net service answers without
 * end, and the storm of lab/abuse. Tests ask what comes of it, benches how long it takes.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOSTILE_CARD, plugHostileHost } from '../abuse/hostile-host.ts';
import { makeQuickImage } from '../boards/quick-image.ts';
import { defaultImage, type Lab, makeLab } from '../lab.ts';
import type { Namespace } from '../network/namespace.ts';
import { Background } from '../programs/background.ts';
import { watchOver } from '../programs/watchdog.ts';
import { plugPcs, type SimulatedPc } from './simulated-pcs.ts';

const STORM = join(import.meta.dirname, '../abuse/storm.ts');
const SERVER = '10.66.0.1';
/** Room for thousands of machines that do not exist: who fills a network to the last address keeps others out for a minute. */
const PREFIX = 16;
const FIRST_HOSTILE = '10.66.200.1';
const HOSTILE = 50;
/** Addresses that the hostile ones guess: most of them are of machines that are there. Each other one is a broadcast of the server, who looks for it. */
const POOL = 40;
const QEMU = { name: 'besieged', mac: '52:54:00:00:1c:01', node: 'node-001c01' };
const LOOK_MS = 100;
const STORM_SECONDS = 600;

/** How many machines there are. */
export type SiegeOptions = {
  /** of the lab, unlike that of any other; at most 5 characters */
  readonly name: string;
  readonly honest: number;
};

/** A lab with its server, an image and all machines, which are off. Whoever opened it closes it. */
export async function openSiege({ name, honest }: SiegeOptions): Promise<Siege> {
  await using parts = new AsyncDisposableStack();
  const network = { address: `${SERVER}/${PREFIX}` };
  const lab = await makeLab(name, { images: { registries: [] } }, network);
  parts.defer(() => lab.close());
  const { namespace, folder } = lab;
  const image = await makeQuickImage(defaultImage, join(folder, 'quick'));
  const own = `walt-lab-${name}`;
  const wish = { server: SERVER, count: honest + 1, folder, name: `${own}p` };
  const made = await plugPcs(namespace, wish);
  parts.defer(async () => {
    for (const { machine } of made) await machine.remove();
  });
  const hostile = await plugHostile(lab, `${own}h-${process.pid}`);
  parts.defer(() => hostile.remove());
  await lab.startServer();
  await lab.walt('image', 'import', image, '--name', 'waltplatform/pc-x86-64-default:latest');
  return new Siege({ lab, hostile, made }, parts.move());
}

type Machines = {
  readonly lab: Lab;
  readonly hostile: Namespace;
  /** the last one is the node whose net service answers without end */
  readonly made: readonly SimulatedPc[];
};

/** Open until it is closed. All waiting has a bound. */
export class Siege {
  readonly lab: Lab;
  /** The honest ones. */
  readonly pcs: readonly SimulatedPc[];
  /** A node whose net service answers without end. */
  readonly endless: SimulatedPc;
  readonly #hostile: Namespace;
  readonly #parts: AsyncDisposableStack;
  #storm: Background | undefined;
  #stream: Background | undefined;

  constructor({ lab, hostile, made }: Machines, parts: AsyncDisposableStack) {
    const endless = made.at(-1);
    if (endless === undefined) throw new RangeError('Cannot besiege a lab without machines');
    this.lab = lab;
    this.pcs = made.slice(0, -1);
    this.endless = endless;
    this.#hostile = hostile;
    this.#parts = parts;
  }

  /** Names of all that boot, the one in QEMU last. */
  get nodes(): readonly string[] {
    return [...this.pcs.map(({ node }) => node), QEMU.node];
  }

  /** The storm begins. */
  async attack(): Promise<void> {
    this.#storm = new Background(this.#hostile.command(this.#stormCommand()));
    await this.#storm.waitFor(/^storm$/m);
  }

  /** The storm ends. @returns how often each attack was made. @throws {Error} with what it said, where it ended by itself */
  async endAttack(): Promise<Readonly<Record<string, number>>> {
    this.#storm?.child.kill('SIGTERM');
    await this.#storm?.ended();
    const counts = this.#storm?.said.match(/^\{.*\}$/m)?.[0];
    if (counts === undefined) throw new Error(`The storm ended early: ${this.#storm?.said}`);
    return JSON.parse(counts);
  }

  /** From now on the net service of `endless` answers without end, and without a line break. */
  async answerWithoutEnd(): Promise<void> {
    const argv = ['socat', '-d', '-d', 'TCP-LISTEN:12346,fork,reuseaddr', 'OPEN:/dev/zero'];
    this.#stream = new Background(this.endless.machine.command(argv));
    await this.#stream.waitFor(/listening/);
  }

  /** Powers PCs on. @returns the seconds until each was booted. @throws {Error} that names who is not */
  async boot(pcs: readonly SimulatedPc[]): Promise<readonly number[]> {
    const before = (await this.lab.serverLog()).length;
    for (const pc of pcs) pc.powerOn();
    const nodes = pcs.map(({ node }) => node);
    return await secondsUntilBooted(this.lab, { nodes, before, bound: 200 });
  }

  /** Powers the PC in QEMU on. @returns the seconds until it was booted. @throws {Error} with what its console shows */
  async bootQemu(): Promise<number> {
    const before = (await this.lab.serverLog()).length;
    const pc = await this.lab.startPc({ ...QEMU, firmware: 'bios' });
    const wish = { nodes: [QEMU.node], before, bound: 400 };
    const [seconds = 0] = await secondsUntilBooted(this.lab, wish).catch(async (cause: unknown) => {
      const shown = (await pc.serial()).slice(-1500);
      throw new Error(`The PC in QEMU is not booted; its console: ${shown}`, { cause });
    });
    return seconds;
  }

  /** All of it is gone. */
  async close(): Promise<void> {
    await this.#storm?.kill();
    await this.#stream?.kill();
    await this.#parts.disposeAsync();
  }

  #stormCommand(): string[] {
    return [
      ...[process.execPath, STORM, '--server', SERVER, '--card', HOSTILE_CARD],
      ...['--pool', String(POOL), '--seconds', String(STORM_SECONDS)],
      ...['--api', join(this.lab.folder, 'walt.sock')],
      ...[...this.pcs.map(({ mac }) => mac), QEMU.mac].flatMap((mac) => ['--victim', mac]),
    ];
  }
}

async function plugHostile({ namespace, folder }: Lab, name: string): Promise<Namespace> {
  watchOver({ namespaces: [name] });
  return await plugHostileHost(namespace, {
    ...{ name, first: FIRST_HOSTILE, count: HOSTILE, prefix: PREFIX, folder },
  });
}

/** @param options.before length of the log when they were powered on; `bound` is in seconds */
async function secondsUntilBooted(
  lab: Lab,
  { nodes, before, bound }: { nodes: readonly string[]; before: number; bound: number },
): Promise<number[]> {
  const begun = performance.now();
  const seconds = new Map<string, number>();
  while (seconds.size < nodes.length) {
    const log = (await lab.serverLog()).slice(before);
    const now = (performance.now() - begun) / 1000;
    for (const node of nodes) {
      if (!seconds.has(node) && log.includes(`node ${node} is booted\n`)) seconds.set(node, now);
    }
    const missing = nodes.filter((node) => !seconds.has(node));
    if (missing.length > 0 && now > bound) {
      throw new Error(`Not booted within ${bound} s: ${missing.join(', ')}`);
    }
    await sleep(LOOK_MS);
  }
  return nodes.map((node) => seconds.get(node) ?? Number.NaN);
}
