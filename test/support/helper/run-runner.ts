// The program of the runner as a process of its own, in a network of its own, which systemd's own program starts at the first connection.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { Background } from '../../../lab/programs/background.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const PROGRAM = join(import.meta.dirname, '../../../agent/helper/runner/main.ts');

type Place = {
  /** folder of the server's state, without links */
  readonly state: string;
  /** of the network, as `ip netns` has it */
  readonly namespace: string;
  /** of the server on walt-net, with the length of the prefix */
  readonly address: string;
  /** other keys of the configuration */
  readonly config?: object;
  /** path of its socket, where an earlier one was; else a new one */
  readonly socket?: string;
};

/** Runs until the test is over. @returns its socket and its process */
export async function runRunner(t: ExecutionContext, place: Place) {
  const { state, namespace, address } = place;
  const folder = await temporaryFolder(t);
  const { socket = join(folder, 'runner.sock') } = place;
  await rm(socket, { force: true });
  const config = join(folder, 'server.yaml');
  const network = { interface: 'walt-net', address };
  await writeFile(
    config,
    JSON.stringify({ state, network, nfs: { backend: 'ganesha' }, ...place.config }),
  );
  const enter = ['nsenter', `--net=/run/netns/${namespace}`];
  const argv = [process.execPath, PROGRAM, '--config', config];
  const program = new Background([...enter, 'systemd-socket-activate', '-l', socket, ...argv]);
  t.teardown(() => program.kill());
  await program.waitFor(/Listening on/);
  return { socket, program };
}
