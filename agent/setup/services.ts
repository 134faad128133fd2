// The services that a setup concerns, told of what has changed.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../host/processes/program.ts';
import { UNIT } from './plan.ts';

/** What happens to services; nothing where systemd does not run, or other files than its own are changed. */
export type Services = {
  /** Ends what uses walt-net, and walt-net itself. The files are still those of before. */
  stop(): Promise<void>;
  /** Starts what the files of now say. */
  start(): Promise<void>;
};

/** Those of this machine. @param options.etc where its files are */
export async function servicesOf({
  etc,
  hasServices,
}: {
  readonly etc: string;
  readonly hasServices: boolean;
}): Promise<Services | undefined> {
  if (!hasServices) return undefined;
  const isThere = await exists('/run/systemd/system');
  return etc === '/etc' && isThere ? { stop, start: () => start(etc) } : undefined;
}

/** Virtual nodes are in the network of before: the server starts them again in the new one. */
async function stop(): Promise<void> {
  await systemctl('stop', 'walt-server.service', 'walt-runner.service');
  await systemctl('stop', 'walt-node-*.service');
  await runProgram('walt-server', ['--config', '/etc/walt/server.yaml', '--stop-nfs']).catch(
    () => undefined,
  );
  await systemctl('disable', '--now', UNIT).catch(() => undefined);
}

async function start(etc: string): Promise<void> {
  await systemctl('daemon-reload');
  for (const name of ['systemd-networkd', 'NetworkManager']) {
    await systemctl('try-reload-or-restart', `${name}.service`).catch(() => undefined);
  }
  if (await exists(join(etc, 'systemd/system', UNIT))) await systemctl('enable', '--now', UNIT);
  await systemctl('start', 'walt-server.service');
}

async function systemctl(...words: string[]): Promise<void> {
  await runProgram('systemctl', words);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
