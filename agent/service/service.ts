// The server as a process: what its starter is told, and what signals do. SIGTERM and SIGINT end it, SIGHUP reads the
// configuration again, SIGUSR2 hands everything over to a new process of the program that is installed now.
import { fstatSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import type { Config } from '../config/config.ts';
import { installedFiles } from '../config/installed-files.ts';
import { changesText, configChanges, withLiveKeys } from '../config/live-keys.ts';
import { readConfig } from '../config/read-config.ts';
import { failuresOf, messageOf } from '../errors.ts';
import type { Helpers } from '../helper/helpers.ts';
import { collectSoon } from '../host/processes/heap.ts';
import { isJournal, PRIORITY, type Print } from '../host/processes/priority.ts';
import { linePrinter } from '../host/text/line-printer.ts';
import type { InheritedSockets } from '../net/bound-sockets.ts';
import { Departure } from '../start/departure.ts';
import { startServer } from '../start/start.ts';
import { version } from '../version.ts';
import { HandOver } from './hand-over.ts';
import { ServiceManager, takeServiceOptions } from './service-manager.ts';
import { tellPredecessor } from './successor.ts';

type Options = {
  /** of the configuration */
  readonly file: string;
  readonly sockets: InheritedSockets & { readonly dhcp: number };
  /** the first file of the program */
  readonly program: string;
  /** folder of that file */
  readonly folder: string;
  readonly helpers: Helpers;
};

/** Serves walt-net until a signal comes. */
export async function runService(config: Config, options: Options): Promise<void> {
  const { file, sockets, program, folder, helpers } = options;
  const hasPriorities = isJournal(process.env.JOURNAL_STREAM, fstatSync(process.stdout.fd));
  const { print, flush } = linePrinter((text) => process.stdout.write(text), { hasPriorities });
  process.on('exit', flush);
  const told = takeServiceOptions(process.env);
  const manager = new ServiceManager(told, (reason) =>
    print(`cannot tell systemd how it stands: ${messageOf(reason)}`, PRIORITY.warning),
  );
  const live = { config };
  const departure = new Departure();
  const server = await startServer(config, {
    ...{ ...installedFiles(config, folder), version, sockets, departure, print, helpers },
    ...(program.endsWith('.ts') ? {} : { program }),
    current: () => live.config,
  });
  const stop = () => stopServer(server, print);
  const handOver = new HandOver({
    ...{ config, file, sockets, departure, print, stop, told },
    isNow: (pid) => manager.isNow(pid),
  });
  endOnSignal({ stop, manager, handOver });
  process.on('SIGUSR2', () => void handOver.run());
  // A terminal that is closed sends this signal, too, and is to end the server.
  if (!process.stdin.isTTY) process.on('SIGHUP', () => void readAgain(file, { live, print }));
  await tellPredecessor();
  await manager.ready();
  // What was compiled is kept for the next start, also where this server is killed some day; without a folder for it nothing happens.
  flushCompileCache();
  collectSoon();
}

type Ending = {
  readonly stop: () => Promise<boolean>;
  readonly manager: ServiceManager;
  readonly handOver: HandOver;
};

function endOnSignal({ stop, manager, handOver }: Ending): void {
  let isStopping = false;
  const onSignal = async (name: NodeJS.Signals) => {
    if (handOver.pass(name) || isStopping) return;
    isStopping = true;
    await manager.stopping();
    process.exit((await stop()) ? 0 : 1);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** @returns whether each part was stopped as it should */
async function stopServer(server: AsyncDisposable, print: Print): Promise<boolean> {
  try {
    await server[Symbol.asyncDispose]();
    return true;
  } catch (thrown) {
    for (const message of failuresOf(thrown))
      print(`Cannot stop cleanly: ${message}`, PRIORITY.error);
    return false;
  }
}

type Live = { readonly live: { config: Config }; readonly print: Print };

/** A configuration that cannot be used changes nothing. */
async function readAgain(file: string, { live, print }: Live): Promise<void> {
  try {
    const next = await readConfig(file);
    print(changesText(configChanges(live.config, next)), PRIORITY.notice);
    live.config = withLiveKeys(live.config, next);
  } catch (thrown) {
    const lines = `${messageOf(thrown)}\nThe server goes on with the configuration that it has.`;
    for (const line of lines.split('\n')) print(line, PRIORITY.error);
  }
}
