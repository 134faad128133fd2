// What must be so on this machine before a platform can start: each thing missing is named, with its remedy.
import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runProgram } from '../programs/run-program.ts';
import type { PlatformPaths } from './paths.ts';
import { PlatformError } from './platform-error.ts';

/** Programs and the Debian packages that bring them. */
const TOOLS = {
  ip: 'iproute2',
  setpriv: 'util-linux',
  'qemu-system-x86_64': 'qemu-system-x86',
  skopeo: 'skopeo',
} as const;

const NEEDED_BYTES = 3 * 2 ** 30;
// A Unix socket's path has room for 107 bytes.
const LONGEST_SOCKET = 107;

/** Throws a PlatformError for the first thing that is missing. */
export async function checkMachine(paths: PlatformPaths): Promise<void> {
  checkRoot();
  for (const [tool, debianPackage] of Object.entries(TOOLS)) await checkTool(tool, debianPackage);
  await checkNamespaces();
  await checkTap();
  if (Buffer.byteLength(paths.socket) > LONGEST_SOCKET) {
    throw new PlatformError(`Cannot use ${paths.folder}: its path is too long for a socket in it`, {
      remedy: 'Choose another folder: npm start -- --state DIR',
    });
  }
  await mkdir(paths.folder, { recursive: true });
  await checkSpace(paths.folder);
}

/** @throws {PlatformError} unless this process is root's */
export function checkRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new PlatformError('Root is needed: the platform has a network of its own', {
    remedy: 'Run it as root: sudo npm start',
  });
}

async function checkTool(tool: string, debianPackage: string): Promise<void> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (await canAccess(join(folder, tool), constants.X_OK)) return;
  }
  throw new PlatformError(`The program ${tool} is missing`, {
    remedy: `Install it: apt-get install ${debianPackage}`,
  });
}

/**
 * A platform has a network and mounts of its own, which root of a container may not make.
 * @throws {PlatformError} with what the machine says against it
 */
export async function checkNamespaces(): Promise<void> {
  const mount = ['mount', '-t', 'tmpfs', 'tmpfs', '/mnt'];
  const { code, said } = await runProgram(['unshare', '--net', '--mount', ...mount]);
  if (code === 0) return;
  throw new PlatformError(`Root may not make networks and mounts here: ${said.trim()}`, {
    remedy: 'In a container, give it the right to: docker run --privileged',
  });
}

async function checkTap(): Promise<void> {
  if (await canAccess('/dev/net/tun', constants.R_OK | constants.W_OK)) return;
  throw new PlatformError('There is no /dev/net/tun, so a virtual PC cannot be connected', {
    remedy: 'Load the module: modprobe tun (in a container: give it the device)',
  });
}

async function checkSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  throw new PlatformError(
    `Not enough disk space for ${folder}: ${mebibytes(free)} free, ${mebibytes(NEEDED_BYTES)} needed`,
    { remedy: 'Free some, or choose another disk: npm start -- --state DIR' },
  );
}

function canAccess(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
