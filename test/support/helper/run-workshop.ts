// The program of the workshop as a process of its own, which systemd's own program starts at the first connection.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { unitContainers } from '../../../agent/helper/workshop/unit-containers.ts';
import { Background } from '../../../lab/programs/background.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const PROGRAM = join(import.meta.dirname, '../../../agent/helper/workshop/main.ts');

/** Runs until the test is over. @param state without links @param at path of its socket @returns its socket, who asks it, and its process */
export async function runWorkshop(t: ExecutionContext, state: string, at?: string) {
  const folder = await temporaryFolder(t);
  const socket = at ?? join(folder, 'workshop.sock');
  await rm(socket, { force: true });
  const config = join(folder, 'server.yaml');
  await writeFile(config, JSON.stringify({ state }));
  const argv = [process.execPath, PROGRAM, '--config', config];
  const program = new Background(['systemd-socket-activate', '-l', socket, ...argv]);
  t.teardown(() => program.kill());
  await program.waitFor(/Listening on/);
  return { socket, program, containers: unitContainers(socket, state) };
}
