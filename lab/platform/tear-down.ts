// Ends a platform by its record: server, NFS service, namespace with the virtual nodes. Each step may have been done already.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { endProcess } from '../../agent/host/processes/process-identity.ts';
import { namespaceExists, openNamespace } from '../network/namespace.ts';
import { runProgram } from '../programs/run-program.ts';
import type { PlatformPaths } from './paths.ts';
import { deleteRecord, type PlatformRecord } from './record.ts';

/** Leaves no process, namespace or mount of the platform; its state stays for the next start. */
export async function tearDown(record: PlatformRecord, paths: PlatformPaths): Promise<void> {
  if (record.server !== undefined) await endProcess(record.server, { graceSeconds: 20 });
  const { namespace: name } = record;
  if (name !== undefined && (await namespaceExists(name))) {
    const namespace = openNamespace(name);
    await stopNfs(namespace.command, paths);
    // The server made a part of it, and takes it away where nobody is in it any more.
    if (await namespaceExists(name)) await namespace.remove();
  }
  await rm(paths.socket, { force: true });
  await deleteRecord(paths.folder);
}

/** The NFS service outlives the server on purpose, so that nodes go on; here it has to go too. */
async function stopNfs(
  command: (argv: readonly string[]) => string[],
  paths: PlatformPaths,
): Promise<void> {
  if (!existsSync(paths.server) || !existsSync(paths.config)) return;
  const argv = command([paths.node, paths.server, '--config', paths.config, '--stop-nfs']);
  // Detached from the terminal: an impatient second ctrl-C does not reach it.
  const { code, said } = await runProgram(argv, { isDetached: true });
  if (code !== 0) console.error(`Could not stop the NFS service in order: ${said.trim()}`);
}
