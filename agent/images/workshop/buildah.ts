// Containers of images by buildah, each work in a storage of its own that is gone afterwards. Commands run with
// isolation `chroot`: it needs no cgroups and no runtime, and works inside containers too.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, WaltError } from '../../errors.ts';
import { unmountBelow } from '../../host/mounting/unmount-below.ts';
import { runProgram } from '../../host/processes/program.ts';
import { type ShellProcess, startShellProcess } from '../../host/processes/shell-process.ts';
import { complaintOf } from '../sources/complaint.ts';
import type { BuildOptions, ContainerShell, ImageContainer } from './containers.ts';
import { ownLimits } from './own-limits.ts';

/** The one container of a storage. */
const CONTAINER = 'walt';
/** What buildah puts before a name that has no registry. */
const HOST = 'localhost/';
const BASE = 'walt/base:latest';
const BUILT = 'walt/built:latest';
const ISOLATION = ['--isolation', 'chroot'];
const ARCHITECTURE = ['--format', '{{.OCIv1.Architecture}}'];
const SENTENCES: Readonly<Record<string, string>> = {
  build: 'Cannot build what the Dockerfile says',
  commit: 'Cannot write the new layer',
  copy: 'Cannot copy into the image',
  from: 'Cannot make a container of the image',
};
type RunOptions = {
  readonly onLine?: (line: string) => void;
  /** lets go of what there is: nothing ends that */
  readonly isLast?: boolean;
};

/** Of the storage of a container, in the folder of its work. */
export const STORAGE_FOLDERS = ['storage', 'run'] as const;

/** What it says of its own image when all steps are done. */
const OF_BUILDAH = /^(COMMIT |--> |Successfully tagged |[0-9a-f]{64}$)/;
/** What an image brings gives nobody of this machine more rights. The quotes keep buildah from splitting it at the comma. */
const OVERLAY_OPTIONS = ['--storage-opt', '"overlay.mountopt=nosuid,nodev"'];
const NO_LABEL = ['--identity-label=false'];

/**
 * One container in a storage of its own. Made by `open`, let go of by `close`. Its methods throw {ImageError}
 * where buildah fails.
 */
export class Buildah implements ImageContainer {
  readonly #storage: readonly string[];
  readonly #work: string;
  /** the storage, as skopeo names it */
  readonly #place: string;
  #marks = 0;

  readonly #signal: AbortSignal | undefined;

  private constructor(work: string, driver: string, signal: AbortSignal | undefined) {
    this.#work = work;
    this.#signal = signal;
    const [root = '', runroot = ''] = STORAGE_FOLDERS.map((name) => join(work, name));
    const options = driver === 'overlay' ? OVERLAY_OPTIONS : [];
    this.#storage = [
      ...['--root', root, '--runroot', runroot, '--storage-driver', driver],
      ...options,
    ];
    this.#place = `containers-storage:[${driver}@${root}+${runroot}]`;
  }

  /**
   * @param work folder for the storage
   * @param signal ends whatever it does, but not `close`
   * @throws {WaltError} if this machine has no buildah
   */
  static async open(work: string, signal?: AbortSignal): Promise<Buildah> {
    const overlay = new Buildah(work, 'overlay', signal);
    const hasOverlay = await overlay.#run('info').then(
      () => true,
      () => false,
    );
    if (hasOverlay) return overlay;
    await requireBuildah();
    return new Buildah(work, 'vfs', signal);
  }

  /** Makes the container. @param layout OCI layout with the image under tag `image` */
  async from(layout: string): Promise<void> {
    await this.#copyIn(layout, BASE);
    await this.#make(BASE);
  }

  /** Gives the image of a layout a name that `FROM` can use. @returns its architecture, as Go names it */
  async provide(layout: string, name: string): Promise<string> {
    await this.#copyIn(layout, name);
    return (
      await this.#run('inspect', '--type', 'image', ...ARCHITECTURE, `${HOST}${name}`)
    ).trim();
  }

  /** Builds what the Dockerfile of a folder says, and makes the container of it. */
  async build(context: string, { architecture, onLine }: BuildOptions): Promise<void> {
    const target = ['--tag', `${HOST}${BUILT}`];
    const platform = architecture === undefined ? [] : ['--arch', architecture];
    const how = [...ISOLATION, ...(await ownLimits()), ...platform, ...NO_LABEL];
    const args = ['build', ...how, ...target, context];
    await this.#runAs(args, { onLine: (line) => OF_BUILDAH.test(line) || onLine(line) });
    await this.#make(BUILT);
  }

  /** Copies a file, or what is in a folder, to a place in the container; the owner is root. */
  async copy(source: string, target: string): Promise<void> {
    await this.#run('copy', '--quiet', CONTAINER, source, target);
  }

  /** As Go names it: amd64, arm, arm64, 386. */
  async architecture(): Promise<string> {
    return (await this.#run('inspect', ...ARCHITECTURE, CONTAINER)).trim();
  }

  /** Runs a program in the container. @throws {WaltError} if it cannot be started */
  async startShell({ program, terminal }: ContainerShell): Promise<ShellProcess> {
    const where = terminal === undefined ? [] : ['--terminal', '--env', `TERM=${terminal.type}`];
    const run = ['run', ...ISOLATION, ...where, CONTAINER, '--', ...program];
    return await startShellProcess(['buildah', ...this.#storage, ...run], terminal);
  }

  /**
   * The first command in a container makes files of its own (`/etc/hosts`, `/proc`): runs one, so that whatever changes
   * afterwards was somebody's will.
   * @param program a shell
   * @returns a mark for `hasChangedSince`
   */
  async settle(program: readonly string[]): Promise<string> {
    // A shell that does not run says so to whoever opens it.
    await this.#run('run', ...ISOLATION, CONTAINER, '--', ...program, '-c', ':').catch(
      () => undefined,
    );
    return await this.mark();
  }

  /** This moment, for `hasChangedSince`. */
  async mark(): Promise<string> {
    this.#marks += 1;
    const mark = `mark-${this.#marks}`;
    await writeFile(join(this.#work, mark), '');
    return mark;
  }

  /** Whether files of the container came, went or changed since a mark: each leaves a newer ctime, be it of a folder. */
  async hasChangedSince(mark: string): Promise<boolean> {
    const root = (await this.#run('mount', CONTAINER)).trim();
    // Every command makes a file in /run and takes it away.
    const others = ['!', '-path', join(root, 'run')];
    const newer = ['-cnewer', join(this.#work, mark), ...others, '-print', '-quit'];
    return (await runProgram('find', [root, '-xdev', ...newer])) !== '';
  }

  /** Writes the container as an OCI layout: what has changed is one layer on top, or with `squash` all is one layer. */
  async commit(layout: string, { squash = false } = {}): Promise<void> {
    // Who takes it in reads only what is new, and keeps that uncompressed.
    const form = ['--quiet', '--format', 'oci', '--disable-compression'];
    const how = [...form, ...NO_LABEL, ...(squash ? ['--squash'] : [])];
    await this.#run('commit', ...how, CONTAINER, `oci:${layout}:image`);
  }

  /** Lets go of everything, so that the folder can be deleted. */
  async close(): Promise<void> {
    // A shell may still be open in it; its mounts are then taken away from under it.
    await this.#runAs(['rm', '--all'], { isLast: true }).catch(() => undefined);
    await unmountBelow(this.#work);
  }

  async #copyIn(layout: string, name: string): Promise<void> {
    const target = `${this.#place}${HOST}${name}`;
    const copy = ['--insecure-policy', 'copy', '--quiet', `oci:${layout}:image`, target];
    await runProgram('skopeo', copy, { diesWithUs: true }).catch((cause: unknown) => {
      throw new ImageError(`Cannot provide ${name}: ${complaintOf(cause)}`, [], { cause });
    });
  }

  async #make(image: string): Promise<void> {
    const how = ['--pull-never', ...(await ownLimits()), '--name', CONTAINER];
    await this.#run('from', '--quiet', ...how, `${HOST}${image}`);
  }

  async #run(...args: string[]): Promise<string> {
    return await this.#runAs(args, {});
  }

  async #runAs(
    args: readonly string[],
    { isLast = false, ...options }: RunOptions,
  ): Promise<string> {
    try {
      return await runProgram('buildah', [...this.#storage, ...args], {
        ...options,
        ...(this.#signal === undefined || isLast ? {} : { signal: this.#signal }),
        diesWithUs: true,
      });
    } catch (cause) {
      throw new ImageError(explained(complaintOf(cause), args[0] ?? ''), [], { cause });
    }
  }
}

async function requireBuildah(): Promise<void> {
  await runProgram('buildah', ['--version']).catch((cause: unknown) => {
    throw new WaltError(
      'Cannot change images: this server has no buildah. Install it: apt install buildah',
      { cause },
    );
  });
}

/**
 * What buildah's failure means.
 * @param complaint of buildah
 */
export function explained(complaint: string, subcommand: string): string {
  // Debian 13 only recommends it, and buildah there wants it even for containers without a network of their own.
  if (complaint.includes('could not find "netavark"')) {
    return 'Cannot change images: buildah lacks netavark. Install it: apt install netavark';
  }
  const [, base] = /short-name "([^"]+)" did not resolve/.exec(complaint) ?? [];
  if (base !== undefined) {
    return `${SENTENCES.build}: this server has no image ${base} (walt image show --all). One of elsewhere has its registry in front, as docker.io/library/debian:13`;
  }
  const what = SENTENCES[subcommand] ?? 'Cannot change the image';
  return `${what}: ${complaint}`;
}
