// What a command that cannot do what was asked says, with status 1 and nothing changed.
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';
import { startWalt } from '../walt-process.ts';

const refused: readonly (readonly [string, RegExp])[] = [
  ['show node', /^walt: unknown category 'show'\. The category comes first: walt node show\n$/],
  ['--foo', /^walt: unknown option '--foo'\nKnown: --help, --version\n$/],
  ['image build web --from-url here', /^Cannot build from 'here': expected a URL that begins/],
  ['image rename pc', /missing NEW/],
  [
    'image build web --from-dir /nowhere',
    /^Cannot build from \/nowhere: there is no such folder$/m,
  ],
  ['image build web --from-dir /etc/passwd', /^Cannot build from \/etc\/passwd: it is a file/m],
  ['image build web --from-dir /proc/1', /^Cannot build from \/proc\/1: there is no Dockerfile/m],
  [
    'device forget pc-1,ghost',
    /^Nothing was changed: No device with name 'ghost' found\. See [^\n]*\.\n$/,
  ],
  ['device forget all-devices', /^Nothing was changed: 'all-devices' stands for several devices/],
  [
    'node remove pc-1 ghost',
    /^Nothing was changed: No device with name 'ghost' found\. See [^\n]*\.\n$/,
  ],
  ['node remove my-nodes', /^Nothing was changed: 'my-nodes' stands for several/],
  ['node show ghost', /^No device with name 'ghost' found\. See [^\n]*\.\n$/],
  ['node show a/b?c', /^No device with name 'a\/b\?c' found\. See [^\n]*\.\n$/],
  [`node show ${'x'.repeat(120)}`, /^No device with name 'x{120}' found\. See [^\n]*\.\n$/],
  ['node show unknown-1', /^Device 'unknown-1' is not a node/],
  ['node show pc-1 --all', /the name of a node or --all, not both/],
  ['node wait ghost', /^No device with name 'ghost' found\. See [^\n]*\.\n$/],
  ['node wait pc-1,ghost', /^No device with name 'ghost' found\. See [^\n]*\.\n$/],
  ['node wait ,', /^No node is named/],
  ['node wait my-nodes', /^No node is in 'my-nodes'/],
  ['node wait pc-1 --timeout 0', /^Cannot wait for '0' seconds/],
  ['node wait pc-1 --timeout soon', /^Cannot wait for 'soon' seconds/],
  ['node reboot ghost', /^No device with name 'ghost' found\. See [^\n]*\.\n$/],
  ['node reboot pc-1,ghost', /^No device with name 'ghost' found\. See [^\n]*\.\n$/],
  ['device rename ghost pc-3', /^No device with name 'ghost' found\. See [^\n]*\.\n$/],
  ['device rename pc-1 pc-2', /^Cannot rename pc-1: another device is called 'pc-2'\n$/],
  ['device rename pc-1 1pc', /^Cannot rename pc-1: '1pc' is not valid: a name has 2 to 63/],
  ['device rename pc-1 pc_1', /^Cannot rename pc-1: 'pc_1' is not valid/],
  ['device rename pc-1 all-nodes', /^Cannot rename pc-1: 'all-nodes' is a reserved word/],
  ['device rename pc-1 walt-server', /^Cannot rename pc-1: 'walt-server' is a reserved word/],
  ['log show --history 5', /^Cannot use history '5': you have no checkpoint '5'/],
  ['log show --history -1m:-5m', /^Cannot use history '-1m:-5m': it starts after its end/],
  ['log show (', /^Cannot use '\('/],
  ['log show --streams [', /^Cannot use '\['/],
  ['image import /nowhere', /^Cannot import \/nowhere: there is no such file or folder$/m],
];

let platform: TestPlatform;

test.before(async () => {
  platform = await startTestPlatform();
  const { registry } = platform;
  await put(registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  await put(registry, nodeNamed('pc-2', { ip: '127.0.152.12' }));
  const { image: _image, ...unknown } = nodeNamed('unknown-1', { ip: '127.0.152.13' });
  await put(registry, { ...unknown, type: 'unknown' });
});

test.after.always(async () => await platform.close());

for (const [line, message] of refused) {
  test.serial(`walt ${line} fails and changes nothing`, async (t) => {
    const { registry, journal } = platform;
    const said: string[] = [];
    t.teardown(journal.follow(({ stream, line }) => stream === 'audit' || said.push(line)));
    const before = registry.all();
    const { code, out, err } = await platform.walt(...line.split(' '));
    t.deepEqual([code, out], [1, '']);
    t.regex(err, message);
    t.deepEqual(registry.all(), before);
    t.deepEqual(said, []);
  });
}

const asking = [
  'node show',
  'node wait pc-1',
  'node reboot pc-1',
  'device show',
  'device rename a bc',
  'log show --realtime',
  'image show',
  'image import x',
];

for (const line of asking) {
  test.serial(`walt ${line} without a server says so and fails`, async (t) => {
    const socket = join(import.meta.dirname, 'no-such-socket');
    const { code, out, err } = await startWalt(line.split(' '), { WALT_SOCKET: socket }).result;
    t.deepEqual([code, out], [1, '']);
    t.regex(
      err,
      /^Network connection to WalT server failed!\n.*no-such-socket.*Is walt-server running/,
    );
  });
}

test.serial('walt --version tells its own version without a server', async (t) => {
  const env = { WALT_SOCKET: '/nonexistent/socket' };
  const { code, out } = await startWalt(['--version'], env).result;
  t.is(code, 0);
  t.regex(out, /^walt \d+\.\d+\.\d+\nwalt-server does not answer\n$/);
});

test.serial('walt says that its output cannot be written, and fails', async (t) => {
  const script = '"$0" "$1" help show > /dev/full';
  const { code, said } = await runProgram(['sh', '-c', script, process.execPath, WALT]);
  t.is(code, 1);
  t.regex(said, /^Cannot write the output: .*ENOSPC.*\n$/);
});

test('walt says in words that no server is where its socket should be, whatever is there', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  for (const socket of [file, folder, join(file, 'walt.sock')]) {
    const { code, err } = await startWalt(['node', 'show'], { WALT_SOCKET: socket }).result;
    t.is(code, 1);
    t.regex(
      err,
      /^Network connection to WalT server failed!\nIts socket is .*: nothing answers there/,
    );
  }
});

test('walt says in words that its user may not reach the socket', async (t) => {
  const { folder, socket } = platform;
  t.is((await stat(folder)).mode & 0o077, 0);
  const user = ['setpriv', '--reuid=12345', '--regid=12345', '--clear-groups'];
  const env = ['env', `WALT_SOCKET=${socket}`, 'HOME=/nonexistent', 'WALT_USER=carol'];
  const { code, said } = await runProgram([
    ...user,
    ...env,
    process.execPath,
    WALT,
    'node',
    'show',
  ]);
  t.is(code, 1);
  t.regex(said, /You may not use its socket/);
  t.notRegex(said, /\n\s+at |E[A-Z]{5}/);
});

test('walt explains itself to whoever has no name, and where the server cannot be reached', async (t) => {
  // As in a container: a number that the system has no name for.
  const nobody = ['setpriv', '--reuid=61234', '--regid=61234', '--clear-groups'];
  const alone = ['env', '-i', `PATH=${process.env.PATH}`, 'HOME=/nowhere'];
  const walt = (...words: string[]) =>
    runProgram([...nobody, ...alone, process.execPath, WALT, ...words]);
  for (const words of [['--help'], ['--help', '--json'], ['node', 'show', '--help']]) {
    const { code, said } = await walt(...words);
    t.is(code, 0, said);
  }
  const { code, said } = await walt('node', 'show');
  t.is(code, 1);
  t.regex(said, /^Cannot tell who you are: .*Set WALT_USER/);
  const away = ['WALT_SERVER=https://127.0.0.1:9', 'WALT_TOKEN=walt_x'];
  const remote = await runProgram(['env', ...away, process.execPath, WALT, 'node', '--help']);
  t.is(remote.code, 0, remote.said);
});
