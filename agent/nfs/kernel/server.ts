// NFS by the kernel: an exports(5) file, and symbolic links that lead from a node's path to its image.
import { chmod, constants, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf, WaltError } from '../../errors.ts';
import { textOf } from '../../host/files/text-of.ts';
import { writeWholeFile } from '../../host/files/whole-file.ts';
import { mountsOf } from '../../host/folders/mount-table.ts';
import { openToNfsd } from '../../host/folders/private-folder.ts';
import { runProgram } from '../../host/processes/program.ts';
import { oneAtATime } from '../../host/queues/one-at-a-time.ts';
import { NFS_PORT, readTcpTables } from '../clients.ts';
import {
  checkExports,
  mountPath,
  type NfsExport,
  NODES_FOLDER,
  nodeNames,
  sharePath,
} from '../export.ts';
import { MOUNT_PORT } from '../ganesha/configuration/config.ts';
import { missingText, withImages } from '../present-images.ts';
import type { NfsServer, NfsServerOptions } from '../server.ts';
import { type TcpConnection, tcpTable } from '../tcp-table.ts';
import { exportCommands, runCommands } from './change-exports.ts';
import { exportsText, type KernelExport, kernelExports } from './exports.ts';
import { linkedImages, linkImages } from './image-links.ts';

/** A fixed port for mountd; and no long wait for clients to reclaim what they cannot have, on read-only exports. */
const SERVICE_SETTINGS = `[mountd]
port=${MOUNT_PORT}
[nfsd]
grace-time=10
lease-time=10
`;

const OWN_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** What the kernel's back end is told; the places are those of Debian unless said. */
export type KernelServerOptions = NfsServerOptions & {
  readonly nodesFolder?: string;
  readonly exportsFile?: string;
  readonly settingsFile?: string;
};

/** The exports of ours among those of the machine's NFS service, which is one for all. */
export class KernelServer implements NfsServer {
  readonly #state: string;
  readonly #nodesFolder: string;
  readonly #exportsFile: string;
  readonly #settingsFile: string;
  #exported: readonly KernelExport[] | undefined;
  /** as they lie on the disk, once that was looked at */
  #links: ReadonlyMap<string, string> | undefined;
  readonly #apply = oneAtATime((exports: readonly NfsExport[]) => this.#replace(exports));

  constructor(options: KernelServerOptions) {
    this.#state = options.state ?? dirname(options.folder);
    this.#nodesFolder = options.nodesFolder ?? NODES_FOLDER;
    this.#exportsFile = options.exportsFile ?? '/etc/exports.d/walt.exports';
    this.#settingsFile = options.settingsFile ?? '/etc/nfs.conf.d/walt.conf';
  }

  async start(): Promise<void> {
    await this.#makeFolders();
    await openToNfsd(this.#state);
    const isConfigured = (await textOf(this.#settingsFile)) === SERVICE_SETTINGS;
    if (isConfigured && (await isServing())) return;
    await writeWholeFile(this.#settingsFile, SERVICE_SETTINGS);
    const failure = await runProgram('service', ['nfs-kernel-server', 'restart']).then(
      () => undefined,
      (thrown: unknown) => messageOf(thrown),
    );
    if (failure === undefined && (await isServing())) return;
    const why = failure ?? 'the service nfs-kernel-server started no nfsd thread';
    // Debian's own nfs-ganesha is the usual one.
    const hint = tcpTable(readTcpTables()).some(isNfs)
      ? `; another program listens on TCP port ${NFS_PORT}: ss -ltnp 'sport = :${NFS_PORT}' names it, end it`
      : '';
    throw new WaltError(`Cannot serve NFS: ${why}${hint}`);
  }

  /** Exports these from now on, and nothing else. @throws {WaltError} if exportfs does not take them */
  async apply(exports: readonly NfsExport[]): Promise<void> {
    checkExports(exports);
    await this.#apply(exports);
  }

  /** Nothing to let go: the kernel serves by itself, and restarts of its service are the machine's affair. */
  detach(): void {}

  /** Takes our exports back; the service stays, it may have others. */
  async stop(): Promise<void> {
    await this.#makeFolders();
    await this.#export([]);
    await this.#link(new Map());
  }

  async #replace(exports: readonly NfsExport[]): Promise<void> {
    const { present, missing } = await withImages(exports);
    // A node that mounts at this very moment must find what its link leads to, before and after it changes.
    await this.#export([...present, ...(await this.#leaving(present))]);
    await this.#link(linksOf(present));
    await this.#export(present);
    if (missing.length > 0) throw new WaltError(missingText(missing).join('\n'));
  }

  /** For each node whose image changes, the one its link still leads to. */
  async #leaving(exports: readonly NfsExport[]): Promise<readonly NfsExport[]> {
    const links = await this.#linked();
    const former = exports.flatMap((each) => {
      const imagePath = links.get(linkName(mountPath(each.ip)));
      return imagePath && imagePath !== each.imagePath ? [{ ...each, imagePath }] : [];
    });
    return (await withImages(former)).present;
  }

  /** Nobody else changes them: they are read once. */
  async #linked(): Promise<ReadonlyMap<string, string>> {
    this.#links ??= await this.#among(linkedImages);
    return this.#links;
  }

  async #link(wanted: ReadonlyMap<string, string>): Promise<void> {
    const links = await this.#linked();
    // Where something fails they are looked at anew.
    this.#links = undefined;
    await this.#among((folder) => linkImages(folder, { links, wanted }));
    this.#links = wanted;
  }

  async #makeFolders(): Promise<void> {
    await mkdir(this.#nodesFolder, { recursive: true });
    // Whoever knows the name of a node finds its link; nobody is told the names of others.
    await this.#among((folder) => chmod(`${folder}/.`, 0o711));
    for (const file of [this.#exportsFile, this.#settingsFile]) {
      await mkdir(dirname(file), { recursive: true });
    }
  }

  /**
   * The state folder may be another user's, who can put anything in the place of this one: it is used where it is root's, by an open file.
   * @throws {WaltError} where it is not, or a link
   */
  async #among<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
    await using handle = await open(this.#nodesFolder, OWN_FOLDER).catch((cause: unknown) => {
      throw new WaltError(`Cannot use ${this.#nodesFolder}: ${messageOf(cause)}`, { cause });
    });
    if ((await handle.stat()).uid === process.getuid?.())
      return await use(`/proc/self/fd/${handle.fd}`);
    throw new WaltError(`${this.#nodesFolder} is not root's: remove it, it is made anew`);
  }

  /** Writes the file, for whoever reads it next, and makes the kernel know what is another. */
  async #export(exports: readonly NfsExport[]): Promise<void> {
    const mounts = new Set((await mountsOf('self')).keys());
    const wanted = kernelExports(exports, { nodesFolder: this.#nodesFolder, mounts });
    const before = this.#exported;
    const commands = before === undefined ? undefined : exportCommands(before, wanted);
    if (commands?.length === 0) return;
    // Where something fails nobody knows what is exported.
    this.#exported = undefined;
    // The one waits for the disk, the other for a program.
    const told = commands === undefined ? false : isDone(runCommands(commands));
    await writeWholeFile(this.#exportsFile, exportsText(wanted)).finally(() => told);
    if (!(await told)) await runProgram('exportfs', ['-r', '-a']);
    this.#exported = wanted;
  }
}

/** One that fails is mended by reading all, which says why where that fails, too. */
function isDone(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function linksOf(exports: readonly NfsExport[]): ReadonlyMap<string, string> {
  return new Map(
    exports.flatMap((each) => {
      const { imagePath, share } = each;
      return nodeNames(each).flatMap((name) => [
        [linkName(mountPath(name)), imagePath] as const,
        ...(share === undefined ? [] : [[linkName(sharePath(name)), share.path] as const]),
      ]);
    }),
  );
}

/** As `linkedImages` has them, of the path that a node mounts, which is below that folder. `relative` takes 10 ms for those of 1,000 nodes. */
function linkName(path: string): string {
  return path.slice(`${NODES_FOLDER}/`.length);
}

function isNfs({ localPort, state }: TcpConnection): boolean {
  return localPort === NFS_PORT && state === 'listening';
}

async function isServing(): Promise<boolean> {
  return Number(await textOf('/proc/fs/nfsd/threads')) > 0;
}
