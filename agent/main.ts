// `walt-server`: reads its arguments and configuration, takes the sockets of walt-net, and runs until told to
// stop. The only part of the server that knows argv, environment and exit codes. It becomes another process for its network, and where it
// cannot open its sockets itself, so most of its parts are loaded where they are used.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Config } from './config/config.ts';
import { readConfig } from './config/read-config.ts';
import { socketPlaces } from './config/socket-places.ts';
import { USUAL_CONFIG } from './config/usual-config.ts';
import { diskWords, isSystemError, messageOf, WaltError } from './errors.ts';
import { realFolder } from './host/folders/real-folder.ts';
import { recordsOf } from './host/folders/state-owner.ts';
import {
  apiSocketName,
  hasAllSockets,
  type InheritedSockets,
  inheritedSockets,
  namelessApiSockets,
  withSockets,
} from './net/bound-sockets.ts';
import { removeFirewall } from './net/firewall/firewall.ts';
import { checkInterface } from './net/interface/check-interface.ts';
import { releaseNetwork } from './net/interface/held-network.ts';
import { makeNeighbourRoom } from './net/interface/neighbour-room.ts';
import { leaveVirtualNetwork, namespaceExists } from './net/interface/virtual-network.ts';
import { keepOpen } from './net/keep-open.ts';
import { type AllSockets, openOwnSockets } from './net/own-sockets.ts';
import { parseCidr } from './protocol/ip.ts';
import { become } from './service/become.ts';
import { enterNetwork, keepNetwork, takeNetworkBack } from './service/enter-network.ts';
import { ownCommand } from './service/own-command.ts';
import { version } from './version.ts';

const USAGE = `Usage: walt-server --config FILE
       walt-server backup FILE [--config FILE] [--images] [--machines] [--yes]
       walt-server restore FILE [--config FILE] [--yes]
       walt-server fingerprint|authority [--config FILE]
       walt-server renew-authority [--new-key] [--config FILE]

Boots the machines of walt-net over the network, into images that stay here.

  --config FILE    configuration, YAML or JSON; an empty file means all defaults
  backup           keep database, configuration and keys in one file, while the server runs; with --images the
                   images too, with --machines the disks of virtual nodes
  restore          make the state of a server from such a file (walt help show backup)
  fingerprint      print by what other machines know the server (api.listen), as walt login shows it
  authority        print the certificate by which programs and browsers know the server, for a file of theirs (PEM; it has no key)
  renew-authority  make another certificate of the authority before it ends (walt help show remote); --new-key where somebody may have
                   the old key
  --check-config   say whether the configuration can be used, and exit
  --stop-nfs       end what a stopped server left to its nodes: the NFS service, taps of virtual nodes that are off, and a
                   virtual walt-net that nobody is in; then exit
  --help-config    print every key of the configuration with its default
  --help-settings  print every setting of devices
  --help-api       print every call of the API; with --json its method and path, with --openapi all of it, as JSON
  --version        print the version; with --json also the last step towards the form of its database, as JSON
  --help           print this text
`;

/**
 * Sockets of the helper that mounts, of the workshop where containers run, and of the runner of other programs, where the
 * server's unit may do none of it; without them this process does it itself.
 */
const { WALT_HOST: HOST, WALT_WORKSHOP: WORKSHOP, WALT_RUNNER: RUNNER } = process.env;

try {
  await main();
} catch (thrown) {
  console.error(complaintOf(thrown));
  process.exitCode = 1;
}

/** Faults of this program have their stack. */
function complaintOf(thrown: unknown): unknown {
  if (thrown instanceof WaltError) return thrown.message;
  const disk = diskWords(thrown);
  if (disk !== undefined) {
    const { path } = thrown as NodeJS.ErrnoException;
    const remedy = disk.includes('full')
      ? 'Make room'
      : 'Mend that (dmesg has what the kernel says)';
    return `Cannot go on: ${disk}${path === undefined ? '' : ` (${path})`}. ${remedy}, and start again.`;
  }
  return isSystemError(thrown) ? `Cannot go on: ${messageOf(thrown)}.` : thrown;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(USAGE);
  if (values.version) return console.log(values.json ? await versionJson() : version);
  if (values['help-config']) return console.log(await configText());
  if (values['help-settings']) return console.log(await settingsText());
  if (values['help-api']) return console.log(await apiText(values));
  if (isOfCertificate(positionals[0])) return await aboutCertificate(positionals, values);
  if (positionals.length > 0) return await backUpOrRestore(positionals, values);
  if (values.config === undefined) {
    throw new WaltError(`Cannot start without a configuration.\n\n${USAGE}`);
  }
  // Whoever starts it may have another one (umask 0 in some containers): nothing here is for other users to write.
  process.umask(process.umask(0o022) | 0o022);
  const config = await readConfig(values.config);
  if (values['check-config']) return console.log(`${values.config} can be used.`);
  if (values['stop-nfs']) return await stopNfs(config);
  const { refuseHeld } = await import('./host/folders/state-lock.ts');
  const failure = `Cannot start a second server on ${config.state}`;
  await refuseHeld(await realFolder(config.state), { failure, say: console.error });
  try {
    await serve(values.config, config);
  } catch (thrown) {
    await takeNetworkBack(config, async () => await (await nfsOf(config)).stop()).catch((reason) =>
      console.error(`A network that was made is left: ${messageOf(reason)}`),
    );
    throw thrown;
  }
}

async function serve(file: string, config: Config): Promise<void> {
  const complaint = await makeNeighbourRoom(parseCidr(config.network.address));
  if (complaint !== undefined) console.error(complaint);
  await enterNetwork(config, { places: socketPlaces(config), isUnit: RUNNER !== undefined });
  await checkInterface(config.network);
  const inherited = inheritedSockets(process.env);
  const sockets = hasAllSockets(inherited) ? inherited : await ownSockets(config, inherited);
  const [program, folder] = [import.meta.filename, import.meta.dirname];
  const state = await realFolder(config.state);
  const { unitHelpers } = await import('./helper/helpers.ts');
  const helpers = unitHelpers({ host: HOST, workshop: WORKSHOP, runner: RUNNER }, state);
  const { runService } = await import('./service/service.ts');
  await runService(config, { file, sockets, program, folder, helpers });
  keepNetwork();
}

async function configText(): Promise<string> {
  return (await import('./config/config-help.ts')).configHelp();
}

async function settingsText(): Promise<string> {
  return (await import('./settings/settings-help.ts')).settingsHelp();
}

async function apiText({ openapi, json }: { openapi?: boolean; json?: boolean }): Promise<string> {
  const { apiDescription, apiEndpoints, apiHelp } = await import('./api/description/api-help.ts');
  if (openapi) return apiDescription();
  return json ? apiEndpoints() : apiHelp();
}

async function versionJson(): Promise<string> {
  const { migrations } = await import('./store/sqlite/schema/migrations.ts');
  return JSON.stringify({ 'walt-server': version, database: Object.keys(migrations).at(-1) });
}

function isOfCertificate(word: string | undefined): boolean {
  return ['fingerprint', 'authority', 'renew-authority'].includes(word ?? '');
}

async function aboutCertificate(
  words: readonly string[],
  { config: file = USUAL_CONFIG, 'new-key': hasNewKey = false }: Values,
): Promise<void> {
  const config = await readConfig(file);
  process.umask(0o022);
  // What makes certificates takes long to load.
  const { runCertificateCommand } = await import('./start/api/certificate-commands.ts');
  const print = (line: string) => console.log(line);
  await runCertificateCommand({ words, hasNewKey, file, config, print });
}

async function backUpOrRestore(words: readonly string[], values: Values): Promise<void> {
  process.umask(0o022);
  const { runBackupCommand } = await import('./backup/commands.ts');
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  await runBackupCommand({
    ...values,
    ...{ words, version, signal: stop.signal },
    stopNfs: async (config) => await (await nfsOf(config)).stop(),
    print: (line) => console.log(line),
  });
}

type Values = ReturnType<typeof readArguments>['values'];

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        images: { type: 'boolean' },
        'new-key': { type: 'boolean' },
        machines: { type: 'boolean' },
        yes: { type: 'boolean' },
        config: { type: 'string' },
        'check-config': { type: 'boolean' },
        'stop-nfs': { type: 'boolean' },
        'help-config': { type: 'boolean' },
        'help-settings': { type: 'boolean' },
        'help-api': { type: 'boolean' },
        openapi: { type: 'boolean' },
        json: { type: 'boolean' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new WaltError(`${messageOf(cause)}\n\n${USAGE}`, { cause });
  }
}

/** Opens what is missing; where this process cannot, it is replaced by one that has all sockets (net/bound-sockets.ts). */
async function ownSockets(config: Config, inherited: InheritedSockets): Promise<AllSockets> {
  const places = socketPlaces(config);
  const given = { ...inherited, ...namelessApiSockets(process.env, places) };
  if (places.api?.some((place) => given[apiSocketName(place)] === undefined)) {
    const why =
      RUNNER === undefined
        ? `this server was started inside of network ${config.network.namespace}, which has no addresses of this machine. Start it outside of it: it goes in by itself`
        : 'systemd has not opened all of them (systemctl status walt-api.socket)';
    throw new WaltError(`Cannot listen where api.listen says: ${why}`);
  }
  const opened = await openOwnSockets(places, given);
  if (opened !== undefined) return opened;
  await keepOpen(Object.values(given).filter((fd) => fd !== undefined));
  return become(withSockets(places, ownCommand(), { env: process.env, given }));
}

async function nfsOf(config: Config) {
  const { createNfsServer } = await import('./nfs/create.ts');
  const state = await realFolder(config.state);
  return await createNfsServer(config.nfs.backend, {
    ...{ subnet: parseCidr(config.network.address), state },
    folder: join(await recordsOf(state), 'nfs'),
    onProblem: (message) => console.error(message),
  });
}

async function stopNfs(config: Config): Promise<void> {
  const { namespace } = config.network;
  const { refuseServer } = await import('./backup/state-in-use.ts');
  const state = await realFolder(config.state);
  await refuseServer(state, `Cannot end NFS of ${config.state}`).catch((thrown: unknown) => {
    // A disk that cannot be read keeps nothing running.
    if (thrown instanceof WaltError) throw thrown;
  });
  if (namespace !== undefined) {
    if (!(await namespaceExists(namespace))) return await releaseNetwork();
    await enterNetwork(config, { isUnit: RUNNER !== undefined });
  }
  await (await nfsOf(config)).stop();
  // A server that was killed left its rules; where it has none nft may be missing.
  await removeFirewall().catch(() => undefined);
  const machines = join(state, 'machines');
  const { removeIdleTaps } = await import('./machines/kept/idle-taps.ts');
  await removeIdleTaps(machines, config.network.interface).catch(() => undefined);
  if (namespace === undefined || (await leaveVirtualNetwork(namespace))) await releaseNetwork();
}
