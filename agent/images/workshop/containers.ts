// What the workshop asks of containers, wherever they run: in this process, or in a unit that has the rights for them.

import type { ShellProcess, Terminal } from '../../host/processes/shell-process.ts';
import type { DaemonCopy } from '../sources/daemon-image.ts';

/** Where containers of images run. */
export type Containers = {
  /**
   * A storage of its own in the folder `work`, which is to have one container.
   * @param signal ends whatever it does, but not the letting go of it
   * @throws {WaltError} if there can be none here
   */
  readonly open: (work: string, signal?: AbortSignal) => Promise<ImageContainer>;
  /**
   * Returns once programs of the architecture, as Go names it, can be run in a container.
   * @throws {ImageError} if this machine cannot run programs of it
   */
  readonly makeRunnable: (architecture: string) => Promise<void>;
  /**
   * Ends programs and takes away mounts that a server that was killed has left below `folder`.
   * @throws {WaltError} if a mount cannot be taken away
   */
  readonly endLeftovers: (folder: string) => Promise<void>;
  /** Of docker or podman of this machine, whose storages are root's. */
  readonly copyFromDaemon: DaemonCopy;
};

/** A program of a container, for whoever has the terminal. */
export type ContainerShell = {
  readonly program: readonly string[];
  /** without it the program has pipes */
  readonly terminal: Terminal | undefined;
};

/** One container, and the storage that holds it. All of it throws {ImageError} where it fails. */
export type ImageContainer = {
  /** Makes the container. @param layout OCI layout with the image under tag `image` */
  readonly from: (layout: string) => Promise<void>;
  /** Gives the image of a layout a name that `FROM` can use. @returns its architecture, as Go names it */
  readonly provide: (layout: string, name: string) => Promise<string>;
  /**
   * Builds what the Dockerfile of a folder says, and makes the container of it.
   * @param how `onLine` takes its steps, and what they print
   */
  readonly build: (context: string, how: BuildOptions) => Promise<void>;
  /** Copies a file, or what is in a folder, to a place in the container; the owner is root. */
  readonly copy: (source: string, target: string) => Promise<void>;
  /** As Go names it: amd64, arm, arm64, 386. */
  readonly architecture: () => Promise<string>;
  /** Runs a program in the container. @throws {WaltError} if it cannot be started */
  readonly startShell: (shell: ContainerShell) => Promise<ShellProcess>;
  /**
   * The first command in a container makes files of its own (`/etc/hosts`, `/proc`): runs one, so that whatever changes
   * afterwards was somebody's will.
   * @param program a shell
   * @returns a mark for `hasChangedSince`
   */
  readonly settle: (program: readonly string[]) => Promise<string>;
  /** This moment, for `hasChangedSince`. */
  readonly mark: () => Promise<string>;
  /** Whether files of the container came, went or changed since a mark. */
  readonly hasChangedSince: (mark: string) => Promise<boolean>;
  /**
   * Writes the container as an OCI layout with the image under tag `image`: what has changed is one layer on top, or with
   * `squash` all is one layer.
   * @param layout where nothing is yet
   */
  readonly commit: (layout: string, how?: { readonly squash?: boolean }) => Promise<void>;
  /** Lets go of everything, so that the folder can be deleted. */
  readonly close: () => Promise<void>;
};

/** How a Dockerfile is built. */
export type BuildOptions = {
  readonly architecture?: string | undefined;
  readonly onLine: (line: string) => void;
};
