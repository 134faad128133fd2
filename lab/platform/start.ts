// `npm start`: a whole WalT platform on this machine, from nothing to a booted node, until ctrl-C.
import { join } from 'node:path';
import { checkRoot } from './checks.ts';
import { stopCommand } from './commands.ts';
import { isDetached, startDetached } from './detached.ts';
import { helpText, parseOptions } from './options.ts';
import { platformPaths } from './paths.ts';
import { runningPlatform, runPlatform } from './platform.ts';
import { PlatformError } from './platform-error.ts';

const root = join(import.meta.dirname, '../..');
// A second ctrl-C changes nothing: what was started has to be ended all the same, and that is under way.
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => controller.abort());
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  process.exitCode = 1;
  if (!controller.signal.aborted) explain(error);
}

async function start(args: readonly string[]): Promise<number> {
  const options = parseOptions(args, { root, command: 'start' });
  if (options.wantsHelp) {
    console.log(helpText('start'));
    return 0;
  }
  checkRoot();
  const paths = platformPaths(root, options.state);
  const running = await runningPlatform(options.state);
  if (running !== undefined) {
    const state = running.isReady ? 'runs already' : 'is being started';
    console.log(`The platform ${state} (process ${running.supervisor.pid}).`);
    console.log(`Use it: ${paths.launcher} node show --all. End it: ${stopCommand(paths)}`);
    return options.detaches && running.isReady ? 0 : 1;
  }
  if (options.detaches && !isDetached(process.env)) {
    return startDetached(args, paths, controller.signal);
  }
  await runPlatform(options, paths, controller.signal);
  return 0;
}

function explain(error: unknown): void {
  if (error instanceof PlatformError) {
    console.error(`\nCannot go on: ${error.message}\n${error.remedy}`);
  } else {
    console.error(error);
  }
}
