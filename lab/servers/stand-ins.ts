// Programs that stand in for a WalT server, or for a wrong one, in a namespace: each runs until it is stopped.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Namespace } from '../network/namespace.ts';

/** A server that runs. Stopping it twice does no harm. */
export type StandIn = { stop(): Promise<void> };

/** A DHCP server, with what more dnsmasq's options say. */
export function dnsmasq(namespace: Namespace, options: readonly string[]): Promise<StandIn> {
  const base = ['--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--pid-file='];
  const dhcp = ['--dhcp-range=192.168.152.50,192.168.152.99,1h', '--leasefile-ro'];
  const interfaces = ['--interface=walt-net', '--except-interface=lo', '--user=root'];
  return run(namespace, ['dnsmasq', ...base, ...interfaces, ...dhcp, ...options]);
}

/** A DHCP server that names no server to boot from, as small routers run it. It keeps its leases in the folder given. */
export async function udhcpd(namespace: Namespace, folder: string): Promise<StandIn> {
  const configuration = join(folder, 'udhcpd.conf');
  const leases = join(folder, 'udhcpd.leases');
  await writeFile(leases, '');
  await writeFile(
    configuration,
    `start 192.168.152.50\nend 192.168.152.99\ninterface walt-net\nlease_file ${leases}\npidfile ${folder}/udhcpd.pid\n`,
  );
  return run(namespace, ['busybox', 'udhcpd', '-f', '-S', configuration]);
}

/** An HTTP server that gives the files below a folder, and "not found" for others. */
export function httpFiles(namespace: Namespace, folder: string): Promise<StandIn> {
  return run(namespace, ['busybox', 'httpd', '-f', '-p', '192.168.152.1:80', '-h', folder]);
}

/** An HTTP server that gives the same page whatever it is asked for, as the login pages of public networks do. */
export function httpPortal(namespace: Namespace): Promise<StandIn> {
  const script = join(import.meta.dirname, 'portal.ts');
  return run(namespace, [process.execPath, script, '192.168.152.1']);
}

async function run(namespace: Namespace, argv: readonly string[]): Promise<StandIn> {
  const [program = '', ...args] = namespace.command(argv);
  const child = spawn(program, args, { stdio: 'ignore' });
  await once(child, 'spawn');
  const exited = once(child, 'exit');
  return {
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}
