// What a test leaves behind when it is stopped in the middle (ctrl-C, a time limit, kill -9) goes with its process.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What is to be gone: network namespaces and control groups (paths) with all that runs in them, and folders. */
export type Belongings = {
  readonly namespaces?: readonly string[];
  readonly groups?: readonly string[];
  readonly folders?: readonly string[];
};

/** From now on these are taken away when this process ends. Whoever removes them earlier, in good order, may. */
export function watchOver({ namespaces = [], groups = [], folders = [] }: Belongings): void {
  const names = namespaces.map((name) => `namespace:${name}`);
  const controlGroups = groups.map((path) => `group:${path}`);
  const paths = folders.map((path) => `folder:${path}`);
  const script = join(import.meta.dirname, 'watchdog.sh');
  // A session of its own: what ends the tests from a terminal does not reach it.
  const watchdog = spawn('/bin/sh', [script, ...names, ...controlGroups, ...paths], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  const { stdin } = watchdog;
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
}
