// Programs that outlive the server: where systemd runs, each in a unit of its own, since systemd ends with the server's unit
// what is in it.
import { access, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './program.ts';

/** `ip netns` keeps a file for each network that has a name. */
const NETWORKS = '/run/netns';

type Unit = {
  /** without `.service`; a unit of this name that failed is replaced */
  readonly name: string;
  readonly description: string;
  /**
   * Restrictions, as systemd.exec(5) has them. A unit with some has mounts of its own, to which later ones of the machine spread.
   */
  readonly restrictions?: readonly string[];
};

/**
 * Whether systemd can run programs for this server. A unit is in the network of the machine itself: a server in another one has
 * to start its programs by itself, unless it is the service of the package, whose network has a name.
 */
export async function hasSystemd(): Promise<boolean> {
  const isThere = await access('/run/systemd/system').then(
    () => true,
    () => false,
  );
  if (!isThere) return false;
  if (await isInNetworkOfMachine()) return true;
  const group = await readFile('/proc/self/cgroup', 'utf8').catch(() => '');
  return isServiceGroup(group) && (await ownNetworkFile()) !== undefined;
}

/** @param text of /proc/PID/cgroup. Servers that people and tests start are in other groups. */
export function isServiceGroup(text: string): boolean {
  return /\/walt-(?:server|runner)\.service$/m.test(text);
}

async function isInNetworkOfMachine(): Promise<boolean> {
  const [own, first] = await Promise.all(
    ['self', '1'].map((pid) => readlink(`/proc/${pid}/ns/net`).catch(() => '')),
  );
  return own === first;
}

/** The file that names the network of this process, if one does. */
export async function ownNetworkFile(): Promise<string | undefined> {
  const own = await readlink('/proc/self/ns/net');
  for (const name of await readdir(NETWORKS).catch(() => [])) {
    const { ino } = (await stat(join(NETWORKS, name)).catch(() => undefined)) ?? {};
    if (own === `net:[${ino}]`) return join(NETWORKS, name);
  }
  return undefined;
}

/**
 * Starts a command as a unit, which is forgotten when the command has ended.
 * @throws {WaltError} with what systemd-run said
 */
export async function startUnit(unit: Unit, command: readonly string[]): Promise<void> {
  // One that a killed server left, or that systemd has not forgotten yet, has the same name.
  await endUnit(unit);
  const network = (await isInNetworkOfMachine()) ? undefined : await ownNetworkFile();
  await runProgram('systemd-run', inNetwork(network, unit, command));
}

/** `nsenter` leaves a unit the mounts of the machine; it takes rights that a unit with restrictions lacks. */
function inNetwork(
  network: string | undefined,
  unit: Unit,
  command: readonly string[],
): readonly string[] {
  if (network === undefined) return unitArguments(unit, command);
  const { restrictions } = unit;
  if (restrictions === undefined) {
    return unitArguments(unit, ['nsenter', `--net=${network}`, '--', ...command]);
  }
  const all = [...restrictions, `NetworkNamespacePath=${network}`];
  return unitArguments({ ...unit, restrictions: all }, command);
}

/** Arguments of systemd-run(1) for a command. */
export function unitArguments(
  { name, description, restrictions = [] }: Unit,
  command: readonly string[],
): string[] {
  const options = ['--collect', '--quiet', `--unit=${name}`, '--service-type=exec'];
  const properties = [`Description=${description}`, 'KillMode=mixed', ...restrictions];
  return [
    ...options,
    ...properties.map((property) => `--property=${property}`),
    '--',
    // systemd puts variables into the words of a command, and makes one dollar of two.
    ...command.map((word) => word.replaceAll('$', '$$$$')),
  ];
}

/** Whether something runs in a unit; not for one that systemd has forgotten. */
export async function isUnitActive({ name }: Pick<Unit, 'name'>): Promise<boolean> {
  return await runProgram('systemctl', ['is-active', '--quiet', `${name}.service`]).then(
    () => true,
    () => false,
  );
}

/** Ends what runs in a unit, and waits until systemd has forgotten it. Nothing happens where there is none. */
export async function endUnit({ name }: Pick<Unit, 'name'>): Promise<void> {
  // It fails where systemd knows no such unit.
  await runProgram('systemctl', ['stop', `${name}.service`]).catch(() => undefined);
}
