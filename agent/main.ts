// `walt-server`: reads its arguments and configuration, takes the DHCP socket of walt-net, and runs until told
// to stop. The only part of the server that knows argv, environment and exit codes.
import { fstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apiEndpoints, apiHelp } from './api/api-help.ts';
import { runBackupCommand } from './backup/commands.ts';
import { type Config, parseConfig } from './config/config.ts';
import { configHelp } from './config/config-help.ts';
import { installedFiles } from './config/installed-files.ts';
import { changesText, configChanges, withLiveKeys } from './config/live-keys.ts';
import { ConfigError, diskWords, failuresOf, messageOf, WaltError } from './errors.ts';
import { collectSoon } from './host/heap.ts';
import { linePrinter } from './host/line-printer.ts';
import { isJournal, PRIORITY, type Print } from './host/priority.ts';
import { realFolder } from './host/real-folder.ts';
import { ServiceManager, takeServiceOptions } from './host/service-manager.ts';
import { dhcpSocketFd, type Execution, withDhcpSocket } from './net/bound-sockets.ts';
import { checkInterface } from './net/check-interface.ts';
import { removeFirewall } from './net/firewall/firewall.ts';
import {
  inNamespace,
  isInNamespace,
  leaveVirtualNetwork,
  makeVirtualNetwork,
  namespaceExists,
} from './net/virtual-network.ts';
import { createNfsServer } from './nfs/create.ts';
import { parseCidr } from './protocol/ip.ts';
import { settingsHelp } from './settings/settings-help.ts';
import { startServer } from './start/start.ts';
import { version } from './version.ts';

const USAGE = `Usage: walt-server --config FILE
       walt-server backup FILE [--config FILE] [--images] [--machines] [--yes]
       walt-server restore FILE [--config FILE] [--yes]

Boots the machines of walt-net over the network, into images that stay here.

  --config FILE    configuration, YAML or JSON; an empty file means all defaults
  backup           keep database, configuration and keys in one file, while the server runs; with --images the
                   images too, with --machines the disks of virtual nodes
  restore          make the state of a server from such a file (walt help show backup)
  --stop-nfs       end what a stopped server left to its nodes: the NFS service, and a virtual walt-net that nobody is
                   in; then exit
  --help-config    print every key of the configuration with its default
  --help-settings  print every setting of devices
  --help-api       print every call of the API; with --json its method and path, as JSON
  --version        print the version
  --help           print this text
`;

try {
  await main();
} catch (thrown) {
  const disk = thrown instanceof WaltError ? undefined : diskWords(thrown);
  if (disk === undefined) console.error(thrown instanceof WaltError ? thrown.message : thrown);
  else console.error(`Cannot start: ${disk} (${messageOf(thrown)}). Make room, and start again.`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(USAGE);
  if (values.version) return console.log(version);
  if (values['help-config']) return console.log(configHelp());
  if (values['help-settings']) return console.log(settingsHelp());
  if (values['help-api']) return console.log(values.json ? apiEndpoints() : apiHelp());
  if (positionals.length > 0) return await backUpOrRestore(positionals, values);
  if (values.config === undefined) {
    throw new WaltError(`Cannot start without a configuration.\n\n${USAGE}`);
  }
  // Whoever starts it may have another one (umask 0 in some containers): nothing here is for other users to write.
  process.umask(process.umask(0o022) | 0o022);
  const config = await readConfig(values.config);
  if (values['stop-nfs']) return await stopNfs(config);
  await enterNetwork(config);
  await checkInterface(config.network);
  const fd = dhcpSocketFd(process.env);
  if (fd === undefined) return becomeSocketOwner(config);
  await run(config, { file: values.config, fd });
}

async function backUpOrRestore(
  words: readonly string[],
  values: ReturnType<typeof readArguments>['values'],
): Promise<void> {
  process.umask(0o022);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  await runBackupCommand({
    ...values,
    ...{ words, version, signal: stop.signal },
    stopNfs: async (config) => await (await nfsOf(config)).stop(),
    print: (line) => console.log(line),
  });
}

type RunOptions = {
  /** of the configuration */
  readonly file: string;
  /** of the DHCP socket */
  readonly fd: number;
};

async function run(config: Config, { file, fd }: RunOptions): Promise<void> {
  const hasPriorities = isJournal(process.env.JOURNAL_STREAM, fstatSync(process.stdout.fd));
  const { print, flush } = linePrinter((text) => process.stdout.write(text), { hasPriorities });
  process.on('exit', flush);
  const manager = new ServiceManager(takeServiceOptions(process.env), (reason) =>
    print(`cannot tell systemd how it stands: ${messageOf(reason)}`, PRIORITY.warning),
  );
  const files = installedFiles(config, import.meta.dirname);
  collectSoon();
  const program = import.meta.filename;
  const bundle = program.endsWith('.ts') ? {} : { program };
  const live = { config };
  const server = await startServer(config, {
    ...{ ...files, ...bundle, version, dhcp: { fd }, print },
    current: () => live.config,
  });
  endOnSignal(server, manager);
  // A terminal that is closed sends this signal, too, and is to end the server.
  if (!process.stdin.isTTY) process.on('SIGHUP', () => void readAgain(file, { live, print }));
  await manager.ready();
}

function endOnSignal(server: AsyncDisposable, manager: ServiceManager): void {
  let isStopping = false;
  const onSignal = async () => {
    if (isStopping) return;
    isStopping = true;
    await manager.stopping();
    process.exit(await stop(server));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
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

/** @returns the exit code: 1 if a part could not be stopped as it should */
async function stop(server: AsyncDisposable): Promise<number> {
  try {
    await server[Symbol.asyncDispose]();
    return 0;
  } catch (thrown) {
    for (const message of failuresOf(thrown)) console.error(`Cannot stop cleanly: ${message}`);
    return 1;
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        images: { type: 'boolean' },
        machines: { type: 'boolean' },
        yes: { type: 'boolean' },
        config: { type: 'string' },
        'stop-nfs': { type: 'boolean' },
        'help-config': { type: 'boolean' },
        'help-settings': { type: 'boolean' },
        'help-api': { type: 'boolean' },
        json: { type: 'boolean' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new WaltError(`${messageOf(cause)}\n\n${USAGE}`, { cause });
  }
}

async function readConfig(file: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`Cannot read configuration ${file}: ${messageOf(cause)}`, { cause });
  }
  return parseConfig(text, file);
}

/** Replaces this process by one that has the DHCP socket; see net/bound-sockets.ts. */
function becomeSocketOwner({ network }: Config): never {
  return become(withDhcpSocket(network.interface, ownCommand(), process.env));
}

/** Where walt-net is virtual: replaces this process by one that is in it. */
async function enterNetwork({ network }: Config): Promise<void> {
  const { namespace } = network;
  if (namespace === undefined || (await isInNamespace(namespace))) return;
  await makeVirtualNetwork({ ...network, namespace });
  become(inNamespace(namespace, ownCommand(), process.env));
}

function ownCommand(): string[] {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}

function become({ file, args, env }: Execution): never {
  if (process.execve === undefined) {
    throw new WaltError(`Cannot run under Node.js ${process.version}: 24 or later is needed`);
  }
  return process.execve(file, args, env);
}

async function nfsOf(config: Config) {
  return await createNfsServer(config.nfs.backend, {
    subnet: parseCidr(config.network.address),
    folder: join(await realFolder(config.state), 'nfs'),
    onProblem: (message) => console.error(message),
  });
}

async function stopNfs(config: Config): Promise<void> {
  const { namespace } = config.network;
  if (namespace !== undefined) {
    if (!(await namespaceExists(namespace))) return;
    await enterNetwork(config);
  }
  await (await nfsOf(config)).stop();
  // A server that was killed left its rules; where it has none nft may be missing.
  await removeFirewall().catch(() => undefined);
  if (namespace !== undefined) await leaveVirtualNetwork(namespace);
}
