// `npm stop`: ends the platform of a state folder, whoever started it, and what one killed by force has left.
import { join } from 'node:path';
import { isAlive, waitForEnd } from '../../agent/host/processes/process-identity.ts';
import { checkRoot } from './checks.ts';
import { helpText, parseOptions } from './options.ts';
import { platformPaths } from './paths.ts';
import { PlatformError } from './platform-error.ts';
import { readRecord } from './record.ts';
import { tearDown } from './tear-down.ts';

// Longer than any orderly end takes.
const END_SECONDS = 120;

try {
  await stop(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof PlatformError)) throw error;
  console.error(`Cannot stop: ${error.message}\n${error.remedy}`);
  process.exitCode = 1;
}

async function stop(args: readonly string[]): Promise<void> {
  const root = join(import.meta.dirname, '../..');
  const { state, wantsHelp } = parseOptions(args, { root, command: 'stop' });
  if (wantsHelp) {
    console.log(helpText('stop'));
    return;
  }
  const record = await readRecord(state);
  if (record === undefined) {
    console.log(`No platform runs from ${state}.`);
    return;
  }
  checkRoot();
  if (await isAlive(record.supervisor)) {
    process.kill(record.supervisor.pid, 'SIGTERM');
    await waitForEnd(record.supervisor, { seconds: END_SECONDS });
  }
  // Gone when the platform has ended itself; else it was killed, now or long ago.
  const left = await readRecord(state);
  if (left !== undefined) await tearDown(left, platformPaths(root, state));
  console.log('The platform has ended.');
}
