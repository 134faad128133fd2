// `walt-server`: reads its arguments and configuration, takes the DHCP socket of walt-net, and runs until told
// to stop. The only part of the server that knows argv, environment and exit codes.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { apiEndpoints, apiHelp } from './api/api-help.ts';
import { type Config, parseConfig } from './config/config.ts';
import { configHelp } from './config/config-help.ts';
import { ConfigError, messageOf, WaltError } from './errors.ts';
import { linePrinter } from './host/line-printer.ts';
import { dhcpSocketFd, withDhcpSocket } from './net/bound-sockets.ts';
import { checkInterface } from './net/check-interface.ts';
import { createNfsServer } from './nfs/create.ts';
import { compose } from './start/start.ts';
import { version } from './version.ts';

const USAGE = `Usage: walt-server --config FILE

Boots the machines of walt-net over the network, into images that stay here.

  --config FILE    configuration, YAML or JSON; an empty file means all defaults
  --stop-nfs       end the NFS service that a stopped server left to its nodes, and exit
  --help-config    print every key of the configuration with its default
  --help-api       print every call of the API; with --json its method and path, as JSON
  --version        print the version
  --help           print this text
`;

try {
  await main();
} catch (thrown) {
  console.error(thrown instanceof WaltError ? thrown.message : thrown);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = readArguments();
  if (values.help) return console.log(USAGE);
  if (values.version) return console.log(version);
  if (values['help-config']) return console.log(configHelp());
  if (values['help-api']) return console.log(values.json ? apiEndpoints() : apiHelp());
  if (values.config === undefined) {
    throw new WaltError(`Cannot start without a configuration.\n\n${USAGE}`);
  }
  const config = await readConfig(values.config);
  if (values['stop-nfs']) return await stopNfs(config);
  await checkInterface(config.network);
  const fd = dhcpSocketFd(process.env);
  if (fd === undefined) return becomeSocketOwner(config);
  await run(config, fd);
}

async function run(config: Config, fd: number): Promise<void> {
  const { print, flush } = linePrinter((text) => process.stdout.write(text));
  process.on('exit', flush);
  const stop = await compose(config, {
    version,
    overlay: config.images.overlay ?? findOverlay(),
    ...pxeFolder(config),
    ...findPiFolder(config),
    dhcp: { fd },
    print,
  });
  let isStopping = false;
  const onSignal = async () => {
    if (isStopping) return;
    isStopping = true;
    await stop();
    process.exit(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        config: { type: 'string' },
        'stop-nfs': { type: 'boolean' },
        'help-config': { type: 'boolean' },
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
  const argv = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { file, args, env } = withDhcpSocket(network.interface, argv, process.env);
  if (process.execve === undefined) {
    throw new WaltError(`Cannot run under Node.js ${process.version}: 24 or later is needed`);
  }
  return process.execve(file, args, env);
}

async function stopNfs(config: Config): Promise<void> {
  const [address = ''] = config.network.address.split('/');
  const nfs = await createNfsServer(config.nfs.backend, {
    address,
    folder: join(resolve(config.state), 'nfs'),
    onProblem: (message) => console.error(message),
  });
  await nfs.stop();
}

/** The folder said, or the one that comes with this program, if there is one: servers without Raspberry Pis need none. */
function findPiFolder({ rpi }: Config): { piFolder?: string } {
  if (rpi.folder !== undefined) {
    if (existsSync(rpi.folder)) return { piFolder: resolve(rpi.folder) };
    throw new ConfigError(
      `Cannot find the files of Raspberry Pis: there is no folder ${rpi.folder} (rpi.folder). ` +
        'Make it with `npm run media -- rpi`, or leave the key out.',
    );
  }
  const candidates = [
    join(import.meta.dirname, '../release/dist/rpi'),
    join(import.meta.dirname, '../../release/dist/rpi'),
    join(import.meta.dirname, '../share/walt/rpi'),
  ];
  const found = candidates.find((folder) => existsSync(folder));
  return found === undefined ? {} : { piFolder: found };
}

/** The folder that comes with this program: beside the sources, beside release/, or where the package puts it. */
function findOverlay(): string {
  const candidates = [
    join(import.meta.dirname, '../buildroot-overlay'),
    join(import.meta.dirname, '../../buildroot-overlay'),
    join(import.meta.dirname, '../share/walt/buildroot-overlay'),
  ];
  const found = candidates.find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new ConfigError(
    `Cannot find the node side (folder buildroot-overlay) in any of ${candidates.join(', ')}. ` +
      'Say where it is: images.overlay in the configuration.',
  );
}

/** The folder that was built, or that the package brings; none is no error: then machines boot from media alone. */
function pxeFolder({ pxe }: Config): { pxeFolder?: string } {
  if (pxe.folder !== undefined) {
    if (existsSync(pxe.folder)) return { pxeFolder: resolve(pxe.folder) };
    throw new ConfigError(
      `Cannot use pxe.folder ${pxe.folder}: there is no such folder. npm run media -- pxe builds one.`,
    );
  }
  const candidates = [
    join(import.meta.dirname, '../release/dist/pxe'),
    join(import.meta.dirname, 'pxe'),
    join(import.meta.dirname, '../share/walt/pxe'),
  ];
  const found = candidates.find((folder) => existsSync(folder));
  return found === undefined ? {} : { pxeFolder: found };
}
