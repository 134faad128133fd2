// Which TCP ports of a server VM accept connections, and which of them are Debian's NFS service.
import { join } from 'node:path';
import { succeed } from '../../../lab/programs/run-program.ts';
import type { ServerMachine } from '../../../lab/server-machine/server-machine.ts';
import type { Namespace } from '../namespace.ts';

const SCAN = join(import.meta.dirname, '../../../lab/clients/tcp-scan.ts');

/**
 * The open ports of an address, as they are seen from a network, in order.
 * @param options.beside the well-known ports, the only ones to be tried; all are unless given
 */
export async function openPorts(
  from: Namespace,
  address: string,
  { beside = [] }: { readonly beside?: readonly number[] } = {},
): Promise<number[]> {
  const argv = from.command([process.execPath, SCAN, address, ...beside.map(String)]);
  const { stdout } = await succeed(argv, { seconds: 900 });
  return stdout.toString().split('\n').filter(Boolean).map(Number);
}

/** The ports of Debian's NFS service and its portmapper, which are open on all addresses. */
export async function nfsPorts(vm: ServerMachine): Promise<number[]> {
  const ports = await vm.succeed('rpcinfo -p | awk \'$3 == "tcp" { print $4 }\'');
  return [...new Set(ports.split('\n').filter(Boolean).map(Number))];
}
