// Which program serves NFS on this machine.
import { access, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { WaltError } from '../errors.ts';
import { runProgram } from '../host/processes/program.ts';
import { PROGRAM_FOLDERS } from './ganesha/running/daemon.ts';

/** The program that serves NFS: the kernel's nfsd, or nfs-ganesha. */
export type Backend = 'kernel' | 'ganesha';

/** What decides. */
export type NfsMachine = {
  readonly hasNfsd: boolean;
  readonly hasExportfs: boolean;
  readonly hasGanesha: boolean;
  readonly hasRpcbind: boolean;
  /** The kernel's NFS server is one for each network namespace, and its service runs in the machine's own. */
  readonly isInOwnNamespace: boolean;
};

/** @throws {WaltError} naming the Debian packages to install, if this machine cannot serve as requested */
export function chooseBackend(requested: 'auto' | Backend, machine: NfsMachine): Backend {
  const problems = {
    kernel: kernelProblem(machine),
    ganesha: ganeshaProblem(machine),
  };
  if (requested !== 'auto') {
    const problem = problems[requested];
    if (problem) throw new WaltError(`Cannot serve NFS by ${requested}: ${problem}`);
    return requested;
  }
  if (!problems.kernel) return 'kernel';
  if (!problems.ganesha) return 'ganesha';
  throw new WaltError(
    `Cannot serve NFS: by the kernel, ${problems.kernel}; by nfs-ganesha, ${problems.ganesha}`,
  );
}

function kernelProblem(machine: NfsMachine): string | undefined {
  if (machine.isInOwnNamespace) return 'its server does not reach into this network namespace';
  if (!machine.hasNfsd) return 'this kernel has no nfsd';
  if (!machine.hasExportfs) return 'exportfs is missing (apt install nfs-kernel-server)';
  return undefined;
}

function ganeshaProblem(machine: NfsMachine): string | undefined {
  if (machine.hasGanesha && machine.hasRpcbind) return undefined;
  return 'it is missing (apt install nfs-ganesha nfs-ganesha-vfs rpcbind)';
}

/** Looks at the machine; loads the kernel's module nfsd where there is one, and its server reaches this network. */
export async function inspectMachine(): Promise<NfsMachine> {
  const isElsewhere = await isInOwnNamespace();
  const [hasNfsd, hasExportfs, hasGanesha, hasVfs, hasRpcbind] = await Promise.all([
    isElsewhere ? listsNfsd() : kernelHasNfsd(),
    isInstalled('exportfs'),
    isInstalled('ganesha.nfsd'),
    hasGaneshaVfs(),
    isInstalled('rpcbind'),
  ]);
  return {
    hasNfsd,
    hasExportfs,
    hasGanesha: hasGanesha && hasVfs,
    hasRpcbind,
    isInOwnNamespace: isElsewhere,
  };
}

/** In a container process 1 may be hidden even from root; nothing then speaks against the kernel's server. */
async function isInOwnNamespace(): Promise<boolean> {
  try {
    return (await readlink('/proc/self/ns/net')) !== (await readlink('/proc/1/ns/net'));
  } catch (thrown) {
    if (['EACCES', 'EPERM'].includes((thrown as NodeJS.ErrnoException).code ?? '')) return false;
    throw thrown;
  }
}

async function kernelHasNfsd(): Promise<boolean> {
  if (await listsNfsd()) return true;
  const isLoaded = await runProgram('modprobe', ['nfsd']).then(
    () => true,
    () => false,
  );
  return isLoaded && (await listsNfsd());
}

async function listsNfsd(): Promise<boolean> {
  return /^nodev\tnfsd$/m.test(await readFile('/proc/filesystems', 'utf8'));
}

function isInstalled(program: string): Promise<boolean> {
  return anyExists(PROGRAM_FOLDERS.map((folder) => join(folder, program)));
}

/** The part of ganesha that reads local disks is a Debian package of its own. */
function hasGaneshaVfs(): Promise<boolean> {
  const folders = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/lib',
    '/usr/lib64',
  ];
  return anyExists(folders.map((folder) => join(folder, 'ganesha', 'libfsalvfs.so')));
}

async function anyExists(paths: readonly string[]): Promise<boolean> {
  const answers = paths.map((path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(answers)).includes(true);
}
