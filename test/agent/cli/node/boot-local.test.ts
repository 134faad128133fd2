// `walt node boot NODES boot-local`, and how such nodes are shown and waited for.
import { join } from 'node:path';
import test from 'ava';
import type { BootSignal } from '../../../../agent/boot/progress.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';

const DEFAULT = 'waltplatform/pc-x86-64-default:latest';

/** A node of alice, one of bob, a free one, and a free board without a disk. */
async function lab(): Promise<TestPlatform> {
  const platform = await startTestPlatform();
  const { registry, images, folder } = platform;
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await images.import(layout, { name: DEFAULT, progress: () => undefined });
  await images.alias(DEFAULT, 'alice/web:latest');
  await images.alias(DEFAULT, 'bob/web:v2');
  await put(registry, nodeNamed('free-1', { ip: '127.0.152.11', image: DEFAULT }));
  await put(registry, nodeNamed('mine', { ip: '127.0.152.12', image: 'alice/web:latest' }));
  await put(registry, nodeNamed('his', { ip: '127.0.152.13', image: 'bob/web:v2' }));
  const board = { model: 'rpi-zero', image: 'waltplatform/rpi-zero-default:latest' };
  await put(registry, nodeNamed('zero', { ip: '127.0.152.14', ...board }));
  return platform;
}

function isLocal({ registry }: TestPlatform, name: string): boolean {
  return registry.byName(name)?.bootsLocal === true;
}

function hear({ publish, registry }: TestPlatform, name: string, ...signals: BootSignal[]): void {
  const mac = registry.byName(name)?.mac ?? '';
  publish(signals.map((signal) => ({ kind: 'signal', mac, signal })));
}

const discover = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' } as const;
const startFile: BootSignal = {
  ...({ kind: 'file', path: 'start.ipxe', via: 'http', outcome: 'complete' } as const),
  ...{ bytes: 1, ms: 1, retries: 0 },
};

test.serial('walt node boot NODES boot-local keeps image and owner; the log says it', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const { code, out, err } = await platform.walt('node', 'boot', 'mine,free-1', 'boot-local');
  t.deepEqual([code, out], [0, 'Nodes mine and free-1 will now boot from the local disk.\n']);
  t.is(err, 'Nodes mine and free-1 are not running: that begins with the next boot.\n');
  t.like(platform.registry.byName('mine'), { image: 'alice/web:latest', bootsLocal: true });
  const again = await platform.walt('node', 'deploy', 'mine', 'boot-local');
  t.deepEqual([again.code, again.out], [0, 'Node mine boots from the local disk already.\n']);
  const { out: log } = await platform.walt('log', 'show', '--platform', 'node mine');
  t.regex(log, /-> node mine is told by alice to start from its own disk\n$/);
});

for (const [words, expected] of [
  [['boot', 'mine', 'web'], 'Node mine will now boot alice/web:latest.\n'],
  [['boot', 'mine', 'default'], `Node mine will now boot ${DEFAULT}.\n`],
  [['acquire', 'mine'], 'Node mine will now boot alice/web:latest.\n'],
  [['release', 'mine'], `Node mine will now boot ${DEFAULT}.\n`],
] as const) {
  test.serial(`walt node ${words.join(' ')} ends boot-local`, async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    await platform.walt('node', 'boot', 'mine', 'boot-local');
    const { code, out, err } = await platform.walt('node', ...words);
    t.deepEqual([code, out], [0, expected]);
    t.is(
      err,
      'Node mine is in the system of the local disk, as far as is known: reboot there, and the image comes.\n',
    );
    t.false(isLocal(platform, 'mine'));
  });
}

test.serial(
  'boot-local asks for nodes of others, and changes nothing where it cannot be',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const his = await platform.walt('node', 'boot', 'mine,his', 'boot-local');
    t.is(his.code, 1);
    t.regex(his.err, /Node his belongs to bob\..*\n.*Add --yes/);
    const zero = await platform.walt('node', 'boot', 'mine,zero', 'boot-local');
    t.deepEqual([zero.code, zero.out], [1, '']);
    t.is(
      zero.err,
      'Nothing was changed: zero (rpi-zero) cannot start from a disk of its own: its only USB port holds its network card, and its SD card is the one of WalT.\n',
    );
    const ghost = await platform.walt('node', 'boot', 'mine,ghost', 'boot-local');
    t.regex(ghost.err, /^No device with name 'ghost' found/);
    t.deepEqual([isLocal(platform, 'mine'), isLocal(platform, 'his')], [false, false]);
    const yes = await platform.walt('node', 'boot', 'his', 'boot-local', '--yes');
    t.deepEqual([yes.code, isLocal(platform, 'his')], [0, true]);
  },
);

test.serial(
  'walt node show and device show tell which nodes start from their own disks',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { walt } = platform;
    await walt('node', 'boot', 'mine', 'boot-local');
    hear(platform, 'mine', discover, startFile);
    t.regex((await walt('node', 'show')).out, /^mine .* local$/m);
    const { out } = await walt('node', 'show', 'mine');
    t.regex(
      out,
      /^it starts from its own disk \(boot-local\), until it is given an image or released$/m,
    );
    t.regex(out, /now in the system of its own disk, as far as is known$/m);
    const { node } = JSON.parse((await walt('node', 'show', 'mine', '--json')).out);
    t.like(node, { bootsLocal: true, state: 'local', booted: false, image: 'alice/web:latest' });
    t.regex((await walt('device', 'show')).out, /^mine .* node \(physical, boot-local\) +LAN$/m);
    const { devices } = JSON.parse((await walt('device', 'show', '--json')).out);
    t.deepEqual(
      devices.flatMap((each: { name: string; bootsLocal: boolean }) =>
        each.bootsLocal ? [each.name] : [],
      ),
      ['mine'],
    );
  },
);

test.serial('starts from the own disk are no boots that fail, also after it', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const { walt } = platform;
  await walt('node', 'boot', 'mine', 'boot-local');
  const begin = () => hear(platform, 'mine', discover, startFile, { kind: 'mounted' });
  for (let boot = 1; boot <= 11; boot += 1) begin();
  t.notRegex((await walt('node', 'show', 'mine')).out, /does not come up/);
  await walt('node', 'boot', 'mine', 'web');
  for (let boot = 1; boot <= 3; boot += 1) begin();
  t.notRegex((await walt('node', 'show', 'mine')).out, /does not come up/);
  begin();
  t.regex((await walt('node', 'show', 'mine')).out, /does not come up: this is boot 4 in a row/);
  const { out: log } = await walt('log', 'show', '--platform', 'does not come up');
  t.is(log.trimEnd().split('\n').length, 1, log);
});

test.serial(
  'walt node wait says at once that a node which starts from its disk says nothing',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { walt } = platform;
    await walt('node', 'boot', 'mine', 'boot-local');
    const waited = await walt('node', 'wait', 'mine');
    t.deepEqual([waited.code, waited.out], [1, '']);
    t.is(
      waited.err,
      'Node mine starts from its own disk: the system there does not say that it is up, unless it runs walt-notify-bootup. Add --timeout to wait for that all the same.\n',
    );
    const bounded = await walt('node', 'wait', 'mine', '--timeout', '0.2');
    t.is(bounded.code, 1);
    t.regex(bounded.err, /^Node mine starts from its own disk: .*\n.*\nTimeout was reached/s);
    hear(platform, 'mine', discover, startFile, { kind: 'booted' });
    const up = await walt('node', 'wait', 'mine');
    t.deepEqual([up.code, up.out], [0, 'Node mine is booted.\n']);
    t.regex((await walt('node', 'show')).out, /^mine .* yes$/m);
  },
);

test.serial('no image can be called boot-local', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const { code, err } = await platform.walt('image', 'rename', 'web', 'boot-local');
  t.is(code, 1);
  t.regex(err, /'boot-local' stands for a node's own disk\. Choose another name/);
});
