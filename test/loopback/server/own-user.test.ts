// The whole server as a user of its own, as its unit has it: with the rights of that unit, and helpers that are root at sockets.
import { chmod, chown, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { virtualNodeSpeed } from '../../../agent/doctor/machine/kvm.ts';
import { giveState, MACHINES } from '../../../agent/host/folders/state-owner.ts';
import { unmountBelow } from '../../../agent/host/mounting/unmount-below.ts';
import type { Lab } from '../../../lab/lab.ts';
import { Background } from '../../../lab/programs/background.ts';
import { makeShellImage } from '../../support/images/shell-image.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Each Debian has it (`backup`); ssh-keygen(1) wants a user with a name. */
const USER = 34;
const NODES = 47_002;
const RIGHTS = ['net_bind_service', 'net_raw', 'net_admin', 'dac_read_search'];
const HELPERS = {
  host: 'agent/helper/main.ts',
  workshop: 'agent/helper/workshop/main.ts',
  runner: 'agent/helper/runner/main.ts',
} as const;

/** As `User=`, `AmbientCapabilities=` and `NoNewPrivileges=` of release/systemd/walt-server.service. */
function asUser(folder: string): string[] {
  const rights = RIGHTS.map((right) => `+${right}`).join(',');
  const sockets = Object.keys(HELPERS).map(
    (name) => `WALT_${name.toUpperCase()}=${join(folder, `${name}.sock`)}`,
  );
  return [
    // What the helpers mount is seen by the server: `ip netns exec` gives it mounts of its own.
    ...['nsenter', `--mount=/proc/${process.pid}/ns/mnt`, '--'],
    ...['env', ...sockets, 'setpriv', `--reuid=${USER}`, `--regid=${USER}`, `--groups=${NODES}`],
    ...[`--inh-caps=${rights}`, `--ambient-caps=${rights}`, `--bounding-set=-all,${rights}`],
    '--no-new-privs',
  ];
}

async function startHelpers(t: ExecutionContext, lab: Lab) {
  const records = join(lab.folder, 'records');
  await mkdir(records, { mode: 0o700 });
  for (const [name, program] of Object.entries(HELPERS)) {
    const socket = join(lab.folder, `${name}.sock`);
    const argv = [process.execPath, program, '--config', join(lab.folder, 'config.yaml')];
    const given = [
      '-E',
      `WALT_HOST=${join(lab.folder, 'host.sock')}`,
      '-E',
      `STATE_DIRECTORY=${records}`,
    ];
    const inNetwork = ['nsenter', `--net=/run/netns/${lab.namespace.name}`];
    const helper = new Background([
      ...[...inNetwork, 'systemd-socket-activate', ...given, '-l', socket, ...argv],
    ]);
    t.teardown(() => helper.kill());
    await helper.waitFor(/Listening on/);
    await chown(socket, USER, USER);
    await chmod(socket, 0o600);
  }
}

/** Paths below the folder that are not the user's, without what is mounted there. */
async function foreign(folder: string, dev?: number): Promise<string[]> {
  const stats = await lstat(folder);
  if (dev !== undefined && stats.dev !== dev) return [];
  const own = stats.uid === USER ? [] : [folder];
  if (!stats.isDirectory()) return own;
  const inside = await readdir(folder);
  const all = await Promise.all(inside.map((name) => foreign(join(folder, name), stats.dev)));
  return [...own, ...all.flat()];
}

test('a server that is a user of its own serves walt-net and changes images, and nothing in its state is root’s', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'ownuser', { images: { registries: [] } }, { before: asUser });
  const state = join(lab.folder, 'state');
  // In the mounts of this process: they outlive the server.
  t.teardown(() => unmountBelow(state));
  await mkdir(join(state, MACHINES), { recursive: true });
  // Where the socket of the API is to be.
  await chown(lab.folder, USER, USER);
  await chmod(lab.folder, 0o755);
  await giveState(state, { uid: USER, gid: USER }, NODES);
  await startHelpers(t, lab);
  await lab.startServer();
  const status = await readFile(`/proc/${lab.serverPid()}/status`, 'utf8');
  t.regex(status, new RegExp(`^Uid:\\t${USER}\\t${USER}\\t${USER}\\t${USER}$`, 'm'));
  const doctor = JSON.parse((await lab.tryWalt('doctor', '--json')).stdout.toString());
  const of = (name: string) => doctor.checks.find((each: { name: string }) => each.name === name);
  for (const name of ['dhcp', 'tftp', 'http', 'nfs', 'notifications']) {
    t.is(of(name)?.status, 'ok', JSON.stringify(of(name)));
  }
  // The server's own user has no /dev/kvm: who starts QEMU says how virtual nodes run, as root finds it too.
  const { status: speed, detail } = await virtualNodeSpeed({});
  t.like(of('kvm'), { status: speed, detail });
  const folder = await temporaryFolder(t);
  await chmod(folder, 0o700);
  const layout = await makeShellImage(join(folder, 'layout'));
  await lab.walt('image', 'import', layout, '--name', 'alice/pc');
  await writeFile(join(folder, 'motd'), 'of a folder that the server cannot write');
  const asAlice = (...args: string[]) => ['env', 'WALT_USER=alice', ...lab.waltCommand(...args)];
  const alice = async (...args: string[]) => {
    const run = new Background(asAlice(...args));
    await eventually(
      async () => run.child.exitCode,
      (code) => code !== null,
      120,
    );
    t.is(run.child.exitCode, 0, run.said);
    return run.said;
  };
  await alice('image', 'cp', join(folder, 'motd'), 'pc:/etc/motd');
  await alice('image', 'cp', 'pc:/etc/motd', join(folder, 'back'));
  t.is(await readFile(join(folder, 'back'), 'utf8'), 'of a folder that the server cannot write');
  // Whoever works in tmp has gone.
  const left = await eventually(
    () => foreign(state),
    (paths) => paths.length === 0,
    30,
  );
  t.deepEqual(left, []);
  await lab.endServer('SIGKILL');
  await lab.startServer();
  t.regex(await alice('image', 'show'), /pc/);
  t.notRegex(await lab.serverLog(), /EACCES|EPERM|not permitted/);
});
