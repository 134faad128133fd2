// Images that another program keeps on this machine. How it keeps them is its own affair: skopeo gets them out, and what it
// writes is an OCI layout as any other.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, RequestError } from '../../errors.ts';
import { runProgram } from '../../host/processes/program.ts';
import { LAYOUT_TAG } from '../content/blobs.ts';
import type { ImageSource } from '../content/source.ts';
import { openArchive } from './archive/open-archive.ts';
import type { Wanted } from './choice/choose-manifest.ts';
import { complaintOf } from './complaint.ts';

/** The programs, each with what is there where it is. */
export const DAEMONS = {
  docker: { socket: '/var/run/docker.sock', transport: 'docker-daemon:' },
  podman: { socket: '/var/lib/containers/storage', transport: 'containers-storage:' },
} as const;

/** The name of one of them. */
export type Daemon = keyof typeof DAEMONS;

/**
 * Copies an image out of the storage of such a program.
 * @param image.layout an OCI layout that is made, with the image under tag `image`
 * @throws {RequestError} if the program is not on this machine @throws {ImageError} if it has no such image
 */
export type DaemonCopy = (
  daemon: Daemon,
  image: { readonly name: string; readonly layout: string },
  signal?: AbortSignal,
) => Promise<void>;

type Options = {
  /** who reads the storage of another program */
  readonly copy: DaemonCopy;
  /** `owner/name:tag` */
  readonly name: string;
  readonly wanted: Wanted;
  /** folder of the caller's own, which has to be there as long as the source is read */
  readonly work: string;
  readonly signal?: AbortSignal;
};

/** Whether this is the name of such a program. */
export function isDaemon(name: string | undefined): name is Daemon {
  return name !== undefined && Object.hasOwn(DAEMONS, name);
}

/**
 * @throws {RequestError} if the program is not on this machine
 * @throws {ImageError} if it has no such image
 */
export async function imageOfDaemon(daemon: Daemon, options: Options): Promise<ImageSource> {
  const { name, wanted, work, signal, copy } = options;
  const layout = join(work, daemon);
  await copy(daemon, { name, layout }, signal);
  const { source } = await openArchive(layout, { work, wanted });
  return { ...source, shown: `${daemon} (${name})` };
}

/** By this process: the storages are root's. */
export const copyFromDaemon: DaemonCopy = async (daemon, { name, layout }, signal) => {
  const { socket, transport } = DAEMONS[daemon];
  await access(socket).catch((cause: unknown) => {
    const message = `There are no images of ${daemon} on this machine: there is no ${socket}`;
    throw new RequestError(404, message, { cause });
  });
  const how = ['--insecure-policy', 'copy', '--quiet', '--remove-signatures'];
  const copy = [...how, `${transport}${name}`, `oci:${layout}:${LAYOUT_TAG}`];
  await runProgram('skopeo', copy, {
    diesWithUs: true,
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    const message = `Cannot read image ${name} of ${daemon}: ${complaintOf(cause)}`;
    throw new ImageError(message, [], { cause });
  });
};
