// A node lays over its image what the server sends in one piece; whatever is wrong with that, it boots as without it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Background } from '../../lab/programs/background.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { eventually } from '../support/lab.ts';
import { createNamespace, type Namespace } from '../support/namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createNodeImage } from './node-image.ts';

/** Where it came from: in truth both have the same. */
const REPORT = `
echo "file: $(cat /etc/from)"
echo "other: $(cat /etc/other)"
echo "mode: $(stat -c '%a %u' /etc) $(stat -c %a /etc/from)"
echo changed >/etc/from && echo "now: $(cat /etc/from)"
rm /etc/other && ls /etc
grep -c squashfs /proc/mounts
echo "keepers: $(cat /run/walt/keepers/nfs/etc/from)"
echo "report ends"`;

const FILES = 'echo image >etc/from; echo image >etc/other; chmod 700 etc; chmod 640 etc/from';
const PORT = 8099;

const WITHOUT = /file: image\nother: image\nmode: 700 0 640\nnow: changed\n.*keepers: image\n/s;

/** A server in a network of its own that sends the first `sent` bytes of a pack, and says that it is `length` long. */
async function serve(
  t: ExecutionContext,
  machine: Namespace,
  options: {
    readonly pack: string;
    readonly sent: number;
    readonly length: number;
    /** what it does where the rest is missing */
    readonly end?: 'destroy' | 'nothing' | 'trickle';
  },
) {
  const { pack, sent, length, end = 'destroy' } = options;
  const ends = {
    destroy: 'response.destroy()',
    nothing: '0',
    trickle: "setInterval(() => response.write('x'), 50)",
  };
  const text = `
    const bytes = require('node:fs').readFileSync(${JSON.stringify(pack)}).subarray(0, ${sent});
    require('node:http').createServer((request, response) => {
      if (request.url !== '/walt-hot-pack') return response.writeHead(404).end();
      response.writeHead(200, { 'Content-Length': ${length} });
      response.write(bytes, () => ${sent < length ? ends[end] : 'response.end()'});
    }).listen(${PORT}, '127.0.0.1', () => console.log('listening'));`;
  const server = new Background(machine.command([process.execPath, '-e', text]));
  t.teardown(() => server.kill());
  await eventually(
    async () => server.said,
    (said) => said.includes('listening'),
    20,
  );
  return server;
}

async function makePack(t: ExecutionContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'root/etc'), { recursive: true });
  await writeFile(join(folder, 'root/etc/from'), 'pack\n', { mode: 0o640 });
  await succeed(['chmod', '700', join(folder, 'root/etc')]);
  const pack = join(folder, 'pack');
  await succeed(['mksquashfs', join(folder, 'root'), pack, '-comp', 'zstd', '-all-root', '-quiet']);
  return pack;
}

test('a node lays the pack over its image', async (t) => {
  t.timeout(5 * 60_000);
  const pack = await makePack(t);
  const { length } = await readFile(pack);
  const machine = await createNamespace(`walt-test-hot-${process.pid}`);
  t.teardown(() => machine.remove());
  const boot = async (cmdline = '', env: Record<string, string> = { WALT_HOT_LEAST_KB: '1' }) => {
    const image = await createNodeImage({
      init: REPORT,
      cmdline: `quiet walt.server.ip=127.0.0.1:${PORT} ${cmdline}`,
      machine,
    });
    t.teardown(() => image.remove());
    await image.prepare(FILES);
    const said = await image.boot(/report ends|cannot start/, env);
    await image.end();
    return said;
  };
  t.regex(await boot(), WITHOUT, 'nobody answers');

  const whole = await serve(t, machine, { pack, sent: length, length });
  const said = await boot();
  t.regex(said, /file: pack\nother: image\nmode: 700 0 640\nnow: changed\n/);
  t.notRegex(said, /\nother\n/, 'what the node deleted is gone');
  t.regex(said, /keepers: image\n/, 'the keepers look at the image');
  t.regex(await boot('walt.hot=0'), WITHOUT, 'the command line says no');
  t.regex(await boot('', { WALT_HOT_LEAST_KB: '999999999' }), WITHOUT, 'little memory');
  await whole.kill();

  const cut = await serve(t, machine, { pack, sent: length >> 1, length });
  t.regex(await boot(), WITHOUT, 'the connection breaks');
  await cut.kill();

  const stuck = await serve(t, machine, { pack, sent: 100, length, end: 'nothing' });
  const env = { WALT_HOT_LEAST_KB: '1', WALT_HOT_SECONDS: '1' };
  t.regex(await boot('', env), WITHOUT, 'nothing more comes');
  await stuck.kill();

  const slow = await serve(t, machine, { pack, sent: 100, length: 1e6, end: 'trickle' });
  const most = { WALT_HOT_LEAST_KB: '1', WALT_HOT_MOST_SECONDS: '2' };
  t.regex(await boot('', most), WITHOUT, 'it would come for too long');
  await slow.kill();

  const odd = await serve(t, machine, { pack, sent: 100, length: 100 });
  t.regex(await boot(), WITHOUT, 'no squashfs');
  await odd.kill();
});
