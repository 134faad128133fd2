// Backups as their users make them: `walt-server backup` as a process, on a real state.
import { randomBytes } from 'node:crypto';
import {
  access,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'ava';
import { Secrets } from '../../../agent/secrets/secrets.ts';
import { openSqliteStore } from '../../../agent/store/sqlite/store.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { elsewhere, namesIn, open, SECRET, SWITCH, server } from './backup-lab.ts';

const DATABASE = ['walt.db', 'walt.db.leases-1', 'walt.db.leases-2'];

test('walt-server backup keeps a state whose server runs, and restore makes it again elsewhere', async (t) => {
  const { folder, file, config } = await open(t);
  const made = await server('backup', file, '--config', config);
  t.is(made.code, 0, made.said);
  t.regex(made.said, /has the database, the configuration and the keys of .*state/);
  t.regex(made.said, /does not have: images \(--images\); disks of virtual nodes \(--machines\)/);
  t.is((await stat(file)).mode & 0o777, 0o600);
  const other = await elsewhere(folder);
  const restored = await server('restore', file, '--config', other.config);
  t.is(restored.code, 0, restored.said);
  t.regex(restored.said, /The backup has no images/);
  t.deepEqual(namesIn(other.state), ['pc-1']);
  t.is(await readFile(join(other.state, 'ssh/id_ed25519'), 'utf8'), 'key');
  t.is((await stat(join(other.state, 'ssh/id_ed25519'))).mode & 0o777, 0o600);
  t.is((await stat(join(other.state, 'walt.db'))).mode & 0o777, 0o600);
  t.is((await stat(other.state)).mode & 0o777, 0o700);
  t.deepEqual((await readdir(other.state)).toSorted(), ['secrets', 'ssh', ...DATABASE]);
  t.deepEqual(await new Secrets(join(other.state, 'secrets')).of(SWITCH), SECRET);
  t.is((await stat(join(other.state, 'secrets'))).mode & 0o777, 0o700);
  for (const name of await readdir(join(other.state, 'secrets'))) {
    t.is((await stat(join(other.state, 'secrets', name))).mode & 0o777, 0o600);
  }
  t.false(`${made.said}${restored.said}`.includes(SECRET.password));
  t.deepEqual(
    (await readdir(folder)).toSorted(),
    ['backup', 'other', 'other.yaml', 'other.yaml.from-backup', 'server.yaml', 'state'],
    'nothing is left of the work',
  );
});

test('a backup has what was acknowledged and is not in the database yet', async (t) => {
  const { folder, file, config, state, store } = await open(t);
  await store.flush();
  const mac = '02:5e:00:00:00:77';
  using other = new DatabaseSync(join(state, 'walt.db'));
  other.exec('BEGIN IMMEDIATE');
  const device = {
    mac,
    ip: '192.168.152.77',
    name: 'late',
    type: 'unknown',
    firstSeen: 1,
  } as const;
  await store.devices.write([{ kind: 'save', device }]);
  t.deepEqual(namesIn(state), ['pc-1']);
  const made = await server('backup', file, '--config', config);
  other.exec('ROLLBACK');
  t.is(made.code, 0, made.said);
  const place = await elsewhere(folder);
  const restored = await server('restore', file, '--config', place.config);
  t.is(restored.code, 0, restored.said);
  const again = await openSqliteStore(join(place.state, 'walt.db'));
  t.teardown(() => again.close());
  t.deepEqual((await again.devices.all()).map(({ name }) => name).toSorted(), ['late', 'pc-1']);
});

test('walt-server backup --images has layers with their attributes and links, and nothing that is mounted', async (t) => {
  const { folder, file, config, state } = await open(t);
  const mounted = join(state, 'images/key/fs');
  await mkdir(mounted, { recursive: true });
  await succeed(['mount', '-t', 'tmpfs', 'walt-test', mounted]);
  await writeFile(join(mounted, 'large'), 'x');
  const made = await server('backup', file, '--config', config, '--images');
  t.is(made.code, 0, made.said);
  const other = await elsewhere(folder);
  const restored = await server('restore', file, '--config', other.config);
  t.is(restored.code, 0, restored.said);
  const layer = join(other.state, 'layers/aa');
  const read = (path: string) => readFile(join(path, 'layers/aa/data'));
  t.true((await read(state)).equals(await read(other.state)));
  t.is(await readlink(join(layer, 'link')), './data');
  const { said } = await succeed(['getfattr', '-n', 'trusted.overlay.opaque', layer]);
  t.regex(said, /opaque="y"/);
  await t.throwsAsync(access(join(other.state, 'images/key/fs/large')), { code: 'ENOENT' });
});

test('walt-server backup replaces no file, and needs a state', async (t) => {
  const { folder, file, config } = await open(t);
  await writeFile(file, 'notes');
  const refused = await server('backup', file, '--config', config);
  t.is(refused.code, 1);
  t.regex(refused.said, /^Cannot back up to \S+backup: it is there already\. Add --yes/);
  t.is(await readFile(file, 'utf8'), 'notes');
  t.is((await server('backup', file, '--config', config, '--yes')).code, 0);
  t.not(await readFile(file, 'utf8'), 'notes');
  const other = await elsewhere(folder);
  const empty = await server('backup', `${file}2`, '--config', other.config);
  t.regex(empty.said, /no server has kept anything there/);
});

const words: readonly (readonly [readonly string[], RegExp])[] = [
  [['backup'], /^Cannot backup: expected one file/],
  [['backup', 'a', 'b'], /^Cannot backup: expected one file/],
  [
    ['bakcup', 'a'],
    /^There is no command 'bakcup'\. Commands: backup FILE, restore FILE, fingerprint, authority, renew-authority$/m,
  ],
  [['restore', 'a', '--images'], /^Cannot restore with --images or --machines/],
  [['backup', 'a', '--config', '/nonexistent'], /^Cannot read configuration \/nonexistent/],
  [
    ['fingerprint', '--config', '/nonexistent'],
    /^Cannot read configuration \/nonexistent: there is no \S+ Name it with --config FILE\.$/m,
  ],
  [['authority', '--config', '/'], /^Cannot read configuration \/: it is a folder\. Name it with/],
  [['restore', '/nonexistent', '--config', '/nonexistent'], /^Cannot restore \/nonexistent: /],
];

for (const [args, sentence] of words) {
  test(`walt-server ${args.join(' ')} fails in a sentence`, async (t) => {
    const { code, said } = await server(...args);
    t.is(code, 1);
    t.regex(said, sentence);
    t.notRegex(said, /\n\s+at /);
  });
}

test('walt-server backup names the folder that is missing, and a folder in the place of the file', async (t) => {
  const { folder, config } = await open(t);
  const failing = async (...args: string[]) => {
    const { code, said } = await server(...args, '--config', config);
    t.is(code, 1);
    return said;
  };
  const missing = await failing('backup', '/no/where/b');
  t.is(missing, 'Cannot back up to /no/where/b: there is no folder /no/where. Make it first.\n');
  const through = await failing('backup', join(config, 'b'));
  t.regex(
    through,
    /^Cannot back up to \S+: there is no folder \S+server\.yaml\. Make it first\.\n$/,
  );
  const place = await failing('backup', folder, '--yes');
  t.regex(place, /^Cannot back up to \S+: it is a folder\. Name a file in it\.\n$/);
  const other = await elsewhere(folder);
  const { said } = await server('restore', join(config, 'b'), '--config', other.config);
  t.regex(said, /^Cannot restore \S+: a part of .* is no folder\n$/);
});

test('a backup is an archive for tar and zstd too', async (t) => {
  const { file, config } = await open(t);
  await server('backup', file, '--config', config);
  await succeed(['zstd', '--test', '--quiet', file]);
  const { stdout } = await succeed(['tar', '--zstd', '-tf', file]);
  const names = stdout.toString().trim().split('\n');
  t.deepEqual(names.slice(0, 4), [
    'manifest.json',
    'configuration.yaml',
    'state/',
    'state/walt.db',
  ]);
});

test('walt-server backup and restore on a full disk leave nothing, and say so', async (t) => {
  const { file, config, state } = await open(t);
  await writeFile(join(state, 'layers/aa/large'), randomBytes(4_000_000));
  const small = join(await temporaryFolder(t), 'disk');
  await mkdir(small);
  await succeed(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'walt-test', small]);
  const full = await server('backup', join(small, 'backup'), '--config', config, '--images');
  t.is(full.code, 1);
  t.regex(full.said, /^Cannot back up to \S+: the disk is full\. There is no backup\./);
  t.deepEqual(await readdir(small), []);
  await server('backup', file, '--config', config, '--images');
  const other = await elsewhere(small);
  const restored = await server('restore', file, '--config', other.config);
  t.is(restored.code, 1);
  t.regex(restored.said, /disk is full|No space left/);
  t.deepEqual(await readdir(other.state), []);
});

test('walt-server backup --machines keeps disks with their holes', async (t) => {
  const { folder, file, config, state } = await open(t);
  const disk = 'machines/525400000001/disk-0.raw';
  await mkdir(join(state, 'machines/525400000001'), { recursive: true });
  await writeFile(join(state, disk), 'content');
  await truncate(join(state, disk), 500_000_000);
  const made = await server('backup', file, '--config', config, '--machines');
  t.is(made.code, 0, made.said);
  const other = await elsewhere(folder);
  await server('restore', file, '--config', other.config);
  const { size, blocks } = await lstat(join(other.state, disk));
  t.is(size, 500_000_000);
  t.true(blocks < 1000, `${blocks} blocks`);
});
