// The nfs-ganesha process with its rpcbind: started, found again, told of new exports.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { textOf } from '../../../host/files/text-of.ts';
import { writeWholeFile } from '../../../host/files/whole-file.ts';
import { type Mounter, ownMounter } from '../../../host/mounting/mounter.ts';
import type { Subnet } from '../../../protocol/ip.ts';
import { NFS_PORT } from '../../clients.ts';
import { isMountable } from '../asking/is-mountable.ts';
import { MOUNT, NFS, PORTMAPPER } from '../asking/null-call.ts';
import { Questioner } from '../asking/questioner.ts';
import { changeExports, type ExportChanges } from '../bus/change-exports.ts';
import { EXPORTS_FILE, ganeshaSettings, MOUNT_PORT } from '../configuration/config.ts';
import { NamesGuard, whyUnguarded, withPlainNames } from '../configuration/plain-names.ts';
import { BusDaemon } from './bus-daemon.ts';
import { Daemon } from './daemon.ts';
import { GaneshaLog } from './ganesha-log.ts';
import { mtabPrefix } from './own-mtab.ts';
import { PORT, Portmapper } from './portmapper.ts';
import { GANESHA_RESTRICTIONS } from './restrictions.ts';
import { knownVersion } from './version.ts';
import { WITHOUT_IPV6 } from './without-ipv6.ts';

/** Each fifth look at processes that run asks them too: one that ends is missed at once, and one that hangs takes no less time to prove. */
const LOOKS_A_QUESTION = 5;

type Options = {
  readonly subnet: Subnet;
  readonly folder: string;
  /** by default this process */
  readonly mounter?: Mounter;
};

/** The process of one state folder, whichever server started it. */
export class GaneshaProcess {
  readonly exportsFile: string;
  readonly witnessFolder: string;
  readonly log: GaneshaLog;
  readonly #folder: string;
  readonly #subnet: Subnet;
  readonly #mounter: Mounter;
  readonly #address: string;
  readonly #settingsFile: string;
  readonly #recoveryFolder: string;
  readonly #guardFile: string;
  readonly #guard: NamesGuard;
  readonly #portmapper: Portmapper;
  readonly #bus: BusDaemon;
  readonly #daemon: Daemon;
  readonly #ofNfs: readonly Questioner[];
  readonly #ofPortmapper: Questioner;
  #looks = 0;

  /** @throws {RangeError} for a folder in /run, which is another one for the NFS server */
  constructor({ subnet, folder, mounter = ownMounter }: Options) {
    const { address } = subnet;
    const inside = resolve(folder);
    if (/^(\/var)?\/run(\/|$)/.test(inside)) {
      throw new RangeError(
        `Cannot keep NFS state in ${inside}: the NFS server has a /run of its own`,
      );
    }
    this.#subnet = subnet;
    this.#mounter = mounter;
    this.#address = address;
    this.#folder = inside;
    this.exportsFile = join(inside, EXPORTS_FILE);
    this.witnessFolder = join(inside, 'witness');
    this.#settingsFile = join(inside, 'ganesha.conf');
    this.#recoveryFolder = join(inside, 'recovery');
    this.log = new GaneshaLog(join(inside, 'ganesha.log'));
    this.#guardFile = join(inside, 'guard.pid');
    this.#guard = new NamesGuard(this.#guardFile);
    this.#portmapper = new Portmapper({ address, folder: inside });
    this.#bus = new BusDaemon({ folder: inside });
    this.#ofPortmapper = new Questioner({ address, port: PORT, ...PORTMAPPER });
    this.#ofNfs = [
      new Questioner({ address, port: NFS_PORT, ...NFS }),
      new Questioner({ address, port: MOUNT_PORT, ...MOUNT }),
    ];
    const pidFile = join(inside, 'ganesha.pid');
    this.#daemon = new Daemon({
      // Foreground, configuration, log, pid file.
      argv: ['ganesha.nfsd', '-F', '-f', this.#settingsFile, '-L', this.log.file, '-p', pidFile],
      pidFile,
      messagesFile: join(inside, 'messages'),
      log: this.log.file,
      restrictions: GANESHA_RESTRICTIONS,
    });
  }

  /**
   * Goes on with the process that runs, if it was started with the settings of today; else starts one.
   * Returns whether it is a new one.
   * @param images what it is to export
   * @param prepare puts on file what a new one reads
   */
  async start(images: readonly string[], prepare: () => Promise<void>): Promise<boolean> {
    await mkdir(this.witnessFolder, { recursive: true });
    await mkdir(this.#recoveryFolder, { recursive: true });
    const settings = ganeshaSettings({
      subnet: this.#subnet,
      recoveryFolder: this.#recoveryFolder,
      version: await knownVersion(join(this.#folder, 'version')),
    });
    const isCurrent = (await textOf(this.#settingsFile)) === settings;
    const isFit = (await this.isRunning()) && (await this.#guard.isThere());
    if (isCurrent && isFit) return false;
    await prepare();
    // They say what a ganesha that runs was started with: nothing that may fail comes between.
    await writeWholeFile(this.#settingsFile, settings);
    await this.restart(images);
    return true;
  }

  async isRunning(): Promise<boolean> {
    return (await this.#daemon.pid()) !== undefined && (await this.#portmapper.isRunning());
  }

  /**
   * What is wrong, in words, if something is. Who hangs was killed, for `restart` to start it anew. An rpcbind that is the
   * machine's own is not asked: others look after it.
   */
  async problem(): Promise<string | undefined> {
    if (!(await this.isRunning())) return 'The NFS server ended unexpectedly: starting it again';
    if (!(await this.#guard.isThere())) {
      await this.#daemon.stop(['SIGKILL']);
      return 'The guard of the NFS server ended unexpectedly: starting both again';
    }
    this.#looks += 1;
    const isDoubted = [this.#ofPortmapper, ...this.#ofNfs].some((each) => each.isDoubted);
    if (!isDoubted && this.#looks % LOOKS_A_QUESTION !== 0) return undefined;
    if ((await this.#portmapper.pid()) !== undefined && (await this.#ofPortmapper.hangs())) {
      await this.#portmapper.kill();
      return hung('rpcbind');
    }
    const hangs = await Promise.all(this.#ofNfs.map((questioner) => questioner.hangs()));
    if (!hangs.includes(true)) return undefined;
    await this.#daemon.stop(['SIGKILL']);
    return hung('nfs-ganesha');
  }

  /** What people should know of this machine, if something. */
  warning(): Promise<string | undefined> {
    return whyUnguarded(this.#guardFile);
  }

  /** Ends what `problem` keeps between its questions. */
  detach(): void {
    for (const questioner of [this.#ofPortmapper, ...this.#ofNfs]) questioner.close();
  }

  /**
   * A new process with the exports now on file. File handles that nodes hold stay valid.
   * @param images what it is to export
   * @throws {WaltError} with the reason, if it ends at once
   */
  async restart(images: readonly string[]): Promise<void> {
    this.detach();
    await this.#daemon.stop();
    await this.#portmapper.start();
    const portmapper = await this.#portmapper.pid();
    if (portmapper !== undefined) await this.#mounter.showMounts(portmapper, images);
    const beside = await this.#portmapper.prefix();
    await this.#startBus(beside);
    const places = [...beside, ...(await mtabPrefix(this.#folder))];
    await this.#daemon.start([...places, ...WITHOUT_IPV6, ...withPlainNames(this.#guardFile)]);
  }

  /** Where ganesha has no /run of its own, the bus there is that of the machine, and not ours. */
  async #startBus(prefix: readonly string[]): Promise<void> {
    if (prefix.length === 0) return await this.#bus.stop();
    await this.#bus.start(prefix).catch(() => undefined);
  }

  /**
   * Makes single changes of what the process exports, which takes some milliseconds whatever it exports. @returns false where it
   * cannot be told, or refuses one: then some may have been made, and `reload` makes the rest
   * @param images where the file systems of the exports are mounted
   */
  async change(changes: ExportChanges, images: readonly string[]): Promise<boolean> {
    const [socket, pid] = [await this.#bus.socket(), await this.#daemon.pid()];
    if (socket === undefined || pid === undefined) return false;
    await this.#mounter.showMounts(pid, images);
    const file = join(this.#folder, 'changed.conf');
    return await changeExports(changes, { socket, file }).then(
      () => true,
      () => false,
    );
  }

  /**
   * Makes the process read the exports file again. False if it has not done so in time, or has ended.
   *
   * It shows a new export to NFSv3 while it still builds the tree that NFSv4 walks, and takes away old ones last
   * of all; so the line in its log tells the end, and `witness` that what it read was the file of today.
   */
  async reload(
    witness: string,
    { seconds, images }: { readonly seconds: number; readonly images: readonly string[] },
  ): Promise<boolean> {
    const start = await this.log.size();
    const pid = await this.#daemon.pid();
    if (pid !== undefined) await this.#mounter.showMounts(pid, images);
    await this.#daemon.signal('SIGHUP');
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end && (await this.isRunning())) {
      const isDone = (await this.log.since(start)).includes(':Reread exports complete');
      if (isDone && (await this.serves(witness))) return true;
      await sleep(10);
    }
    return false;
  }

  /** Whether the service runs and lets this path be mounted. */
  async serves(path: string): Promise<boolean> {
    if ((await this.#daemon.pid()) === undefined) return false;
    return isMountable(path, { address: this.#address, port: MOUNT_PORT });
  }

  /** Waits until a process just started serves the path; false when the time is over or it has ended. */
  async waitUntilServed(path: string, { seconds }: { readonly seconds: number }): Promise<boolean> {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      if (await this.serves(path)) return true;
      if ((await this.#daemon.pid()) === undefined) return false;
      await sleep(20);
    }
    return false;
  }

  async stop(): Promise<void> {
    await this.#daemon.stop();
    await this.#bus.stop();
    await this.#portmapper.stop();
  }

  /** Why it ended, or what it complains of, for an error message. */
  lastWords(): Promise<string> {
    return this.#daemon.lastWords();
  }
}

function hung(program: string): string {
  return `The NFS server hangs (${program} runs, and left three questions without an answer): replacing it`;
}
