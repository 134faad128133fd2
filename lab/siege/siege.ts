/**
 * A lab whose machines boot while others attack: simulated PCs, a PC in QEMU, a machine whose net service answers without
 * end, and the storm of lab/abuse. Tests ask what comes of it, benches how long it takes.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOSTILE_CARD, plugHostileHost } from '../abuse/hostile-host.ts';
import { makeQuickImage } from '../boards/quick-image.ts';
import { defaultImage, type Lab, makeLab } from '../lab.ts';
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
const STORM_SECONDS = 300;

/** How many machines there are. */
export type SiegeOptions = {
  /** of the lab, unlike that of any other; at most 5 characters */
  readonly name: string;
  readonly honest: number;
};

/** Open until it is closed. All waiting has a bound. */
export type Siege = {
  readonly lab: Lab;
  readonly pcs: readonly SimulatedPc[];
  /** A node whose net service answers without end. */
  readonly endless: SimulatedPc;
  /** Names of all that boot, the one in QEMU last. */
  readonly nodes: readonly string[];
  /** The storm begins. */
  attack(): Promise<void>;
  /** The storm ends. @returns how often each attack was made */
  endAttack(): Promise<Readonly<Record<string, number>>>;
  /** From now on the net service of `endless` answers without end, and without a line break. */
  answerWithoutEnd(): Promise<void>;
  /** Powers PCs on. @returns the seconds until each was booted. @throws {Error} that names who is not */
  boot(pcs: readonly SimulatedPc[]): Promise<readonly number[]>;
  /** Powers the PC in QEMU on. @returns the seconds until it was booted */
  bootQemu(): Promise<number>;
  close(): Promise<void>;
};

/** A lab with its server, an image and all machines, which are off. */
export async function openSiege({ name, honest }: SiegeOptions): Promise<Siege> {
  await using parts = new AsyncDisposableStack();
  const lab = await makeLab(
    name,
    { images: { registries: [] } },
    { address: `${SERVER}/${PREFIX}` },
  );
  parts.defer(() => lab.close());
  const { namespace, folder } = lab;
  const image = await makeQuickImage(defaultImage, join(folder, 'quick'));
  const begin = `walt-lab-${name}`;
  const made = await plugPcs(namespace, {
    server: SERVER,
    count: honest + 1,
    folder,
    name: `${begin}p`,
  });
  parts.defer(async () => {
    for (const { machine } of made) await machine.remove();
  });
  const hostileName = `${begin}h-${process.pid}`;
  watchOver({ namespaces: [hostileName] });
  const hostile = await plugHostileHost(namespace, {
    ...{ name: hostileName, first: FIRST_HOSTILE, count: HOSTILE, prefix: PREFIX, folder },
  });
  parts.defer(() => hostile.remove());
  await lab.startServer();
  await lab.walt('image', 'import', image, '--name', 'waltplatform/pc-x86-64-default:latest');
  const endless = made[honest] as SimulatedPc;
  const pcs = made.slice(0, honest);
  let storm: Background | undefined;
  let stream: Background | undefined;
  const open = parts.move();
  return {
    ...{ lab, pcs, endless, nodes: [...pcs.map(({ node }) => node), QEMU.node] },
    attack: async () => {
      storm = new Background(hostile.command(stormCommand(lab, pcs)));
      await storm.waitFor(/^storm$/m);
    },
    endAttack: async () => {
      storm?.child.kill('SIGTERM');
      await storm?.ended();
      const counts = storm?.said.match(/^\{.*\}$/m)?.[0];
      if (counts === undefined) throw new Error(`The storm ended early: ${storm?.said}`);
      return JSON.parse(counts);
    },
    answerWithoutEnd: async () => {
      const argv = ['socat', '-d', '-d', 'TCP-LISTEN:12346,fork,reuseaddr', 'OPEN:/dev/zero'];
      stream = new Background(endless.machine.command(argv));
      await stream.waitFor(/listening/);
    },
    boot: async (some) => {
      const before = (await lab.serverLog()).length;
      for (const pc of some) pc.powerOn();
      return await secondsUntilBooted(lab, {
        nodes: some.map(({ node }) => node),
        before,
        bound: 200,
      });
    },
    bootQemu: async () => {
      const before = (await lab.serverLog()).length;
      const pc = await lab.startPc({ ...QEMU, firmware: 'bios' });
      const [seconds = 0] = await secondsUntilBooted(lab, {
        ...{ nodes: [QEMU.node], before, bound: 400 },
      }).catch(async (cause: unknown) => {
        const shown = (await pc.serial()).slice(-1500);
        throw new Error(`The PC in QEMU is not booted; its console: ${shown}`, { cause });
      });
      return seconds;
    },
    close: async () => {
      await storm?.kill();
      await stream?.kill();
      await open.disposeAsync();
    },
  };
}

function stormCommand(lab: Lab, pcs: readonly SimulatedPc[]): string[] {
  return [
    ...[process.execPath, STORM, '--server', SERVER, '--card', HOSTILE_CARD],
    ...['--pool', String(POOL), '--seconds', String(STORM_SECONDS)],
    ...['--api', join(lab.folder, 'walt.sock')],
    ...[...pcs.map(({ mac }) => mac), QEMU.mac].flatMap((mac) => ['--victim', mac]),
  ];
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
