// A whole machine for a WalT server, with systemd: what tests ask of it, whether it is a virtual machine or a container. It has one card
// to come in by, and one on walt-net, where other machines can be plugged in beside it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildServerVm, type ServerVmFiles, type Suite } from '../built.ts';
import { ip } from '../network/ip.ts';
import { createNamespace, type Namespace } from '../network/namespace.ts';
import { succeed } from '../programs/run-program.ts';
import { watchOver } from '../programs/watchdog.ts';
import type { PluggedMachine } from './plugged-machine.ts';
import type { Copy, Ended } from './way-in.ts';

/** The bridge of the card to come in by, and the address of our end. */
export const WAY_IN = { bridge: 'way-in', address: '10.152.0.1/24' } as const;
/** Of the bridge walt-net in the namespace: no address of walt-net, whose server is the machine. */
const OUTSIDE = '10.152.1.1/24';
/** Of the card on walt-net, which is eth1 in the machine. */
export const SECOND_MAC = '52:54:00:5e:00:02';

/** A server machine that runs, or whose plug is pulled. */
export type ServerMachine = {
  /** its bridge `walt-net` has the machine's second card, eth1, in it */
  readonly namespace: Namespace;
  /** Runs a shell command as root, whatever it ends with. @param options.seconds after which it counts as failed: 300 */
  run(
    command: string,
    options?: { readonly seconds?: number; readonly input?: string },
  ): Promise<Ended>;
  /** The same, for a command that has to end well. @returns what it printed. @throws {Error} with what it said */
  succeed(command: string, options?: { readonly seconds?: number }): Promise<string>;
  /** Copies files and folders of this machine into it, with their modes. */
  copyIn(copies: readonly Copy[]): Promise<void>;
  /**
   * Shows it files of this machine, six times at most: for files that take long by ssh. They can be read only.
   * @returns the folder where it has them, until its power is cut
   */
  showFiles(paths: readonly string[]): Promise<string>;
  /** Writes a text file in it. */
  write(path: string, text: string): Promise<void>;
  /** Reboots it as its operator would, and waits until it is up. */
  reboot(): Promise<void>;
  /** Pulls the plug. What a virtual machine's kernel had not written to the disk is lost; a container's kernel is that of this machine. */
  cutPower(): Promise<void>;
  /** Starts it after the plug was pulled, and waits until it is up. */
  powerOn(): Promise<void>;
  /** All that its console has shown since it was last powered on. */
  serial(): Promise<string>;
  /** Ends it, and removes all that it had. */
  close(): Promise<void>;
};

/** What both kinds of machine begin with. */
export type Beginnings = {
  readonly built: ServerVmFiles;
  /** of the machine, which goes with `parts` */
  readonly folder: string;
  /** a copy of the built disk, in the folder */
  readonly disk: string;
  readonly namespace: Namespace;
  readonly parts: AsyncDisposableStack;
};

/** @param name of the machine, in those of its folder and its networks. @param suite release of Debian */
export async function beginMachine(name: string, suite: Suite): Promise<Beginnings> {
  const built = await buildServerVm(suite);
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), `walt-server-${name}-`));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const disk = join(folder, 'disk');
  await succeed(['cp', '--sparse=always', '--reflink=auto', built.disk, disk], { seconds: 300 });
  const namespace = await makeNetworks(`walt-sv-${name}-${process.pid}`, folder);
  parts.defer(() => namespace.remove());
  return { built, folder, disk, namespace, parts: parts.move() };
}

/**
 * Two networks for a machine: a way in, and walt-net. Its cards are to be plugged in.
 * @param folder of the machine, which goes with it
 */
async function makeNetworks(name: string, folder: string): Promise<Namespace> {
  watchOver({ namespaces: [name], folders: [folder] });
  const namespace = await createNamespace(name, { address: OUTSIDE });
  await ip('-n', name, 'link', 'add', WAY_IN.bridge, 'type', 'bridge', 'forward_delay', '0');
  await ip('-n', name, 'address', 'add', WAY_IN.address, 'dev', WAY_IN.bridge);
  await ip('-n', name, 'link', 'set', WAY_IN.bridge, 'up');
  return namespace;
}

/**
 * A machine as tests see it.
 * @param options.show shows it files. @returns their folder in it
 * @param options.parts what goes when it is closed
 */
export function serverMachine(
  machine: PluggedMachine,
  {
    namespace,
    show,
    parts,
  }: {
    readonly namespace: Namespace;
    readonly show: (paths: readonly string[]) => Promise<string>;
    readonly parts: AsyncDisposableStack;
  },
): ServerMachine {
  const { wayIn } = machine;
  return {
    namespace,
    run: (command, options) => wayIn.run(command, options),
    succeed: (command, options) => wayIn.succeed(command, options),
    copyIn: (copies) => wayIn.copyIn(copies),
    showFiles: show,
    write: async (path, text) => {
      await wayIn.succeed(`mkdir -p "$(dirname '${path}')" && cat > '${path}'`, { input: text });
    },
    reboot: () => machine.reboot(),
    cutPower: () => machine.cutPower(),
    powerOn: () => machine.powerOn(),
    serial: () => machine.serial(),
    close: () => parts.disposeAsync(),
  };
}
