// The NFS server of this machine, behind one interface.
import { type Backend, chooseBackend, inspectMachine } from './backend.ts';
import { GaneshaServer } from './ganesha/server.ts';
import { KernelServer } from './kernel/server.ts';
import type { NfsServer, NfsServerOptions } from './server.ts';

/**
 * Chooses the back end and builds it; nothing runs before its `start()`.
 * @throws {WaltError} naming the Debian packages to install, if this machine cannot serve as requested
 */
export async function createNfsServer(
  requested: 'auto' | Backend,
  options: NfsServerOptions,
): Promise<NfsServer> {
  const backend = chooseBackend(requested, await inspectMachine());
  return backend === 'kernel' ? new KernelServer(options) : new GaneshaServer(options);
}
