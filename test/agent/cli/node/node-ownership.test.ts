import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { createClient } from '../../../../agent/cli/client.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { runOnTerminal } from '../../../support/process/terminal.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';
import { startWalt } from '../walt-process.ts';

const DEFAULT = 'waltplatform/pc-x86-64-default:latest';

/** A node of alice, one of bob, a free one and a free one of another model; and images of all of them. */
async function lab(options: { nodePort?: number } = {}): Promise<TestPlatform> {
  const platform = await startTestPlatform(options);
  const { registry, images, folder } = platform;
  const layout = await makeTinyImage(join(folder, 'tiny'), {
    labels: { 'walt.image.preferred-name': 'pc' },
  });
  const progress = () => undefined;
  await images.import(layout, { name: DEFAULT, progress });
  await images.alias(DEFAULT, 'alice/web:v1');
  await images.alias(DEFAULT, 'bob/web:v2');
  await put(registry, nodeNamed('free-1', { ip: '127.0.152.11', image: DEFAULT }));
  await put(registry, nodeNamed('mine', { ip: '127.0.152.12', image: 'alice/web:v1' }));
  await put(registry, nodeNamed('his', { ip: '127.0.152.13', image: 'bob/web:v2' }));
  const model = 'rpi-4-b';
  const image = 'waltplatform/rpi-4-b-default:latest';
  await put(registry, nodeNamed('pi', { ip: '127.0.152.14', model, image }));
  return platform;
}

function imageOf({ registry }: TestPlatform, name: string): string | undefined {
  return registry.byName(name)?.image;
}

test.serial('walt node acquire gives a free node a clone of the default image', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const { code, out, err } = await platform.walt('node', 'acquire', 'free-1');
  t.deepEqual([code, out], [0, 'Node free-1 will now boot alice/pc:latest.\n']);
  t.regex(err, /Node free-1 is not running: the image comes with the next boot/);
  t.is(imageOf(platform, 'free-1'), 'alice/pc:latest');
  t.is(platform.images.byName('alice/pc:latest')?.digest, platform.images.byName(DEFAULT)?.digest);
  const { out: shown } = await platform.walt('node', 'show');
  t.regex(shown, /^free-1 .*alice\/pc:latest/m);

  const again = await platform.walt('node', 'acquire', 'free-1,mine');
  t.is(again.code, 0);
  t.regex(again.out, /Node free-1 boots alice\/pc:latest already, which is yours/);
  t.is(imageOf(platform, 'mine'), 'alice/web:v1');
});

test.serial('walt node boot moves nodes to an image, release gives them back', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const booted = await platform.walt('node', 'boot', 'mine,free-1', 'web:v1');
  t.is(booted.code, 0);
  t.is(
    booted.out,
    'Node mine boots alice/web:v1 already.\nNode free-1 will now boot alice/web:v1.\n',
  );
  const released = await platform.walt('node', 'release', 'my-nodes');
  t.is(released.out, `Nodes free-1 and mine will now boot ${DEFAULT}.\n`);
  const deployed = await platform.walt('node', 'deploy', 'mine', 'default');
  t.is(deployed.out, `Node mine boots ${DEFAULT} already.\n`);
  t.is(imageOf(platform, 'mine'), DEFAULT);
});

test.serial('the node of another user needs --yes where nobody can be asked', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  for (const args of [
    ['acquire', 'his'],
    ['boot', 'his,mine', 'web:v1'],
    ['release', 'his'],
  ]) {
    const { code, out, err } = await platform.walt('node', ...args);
    t.deepEqual([code, out], [1, ''], args.join(' '));
    t.regex(err, /Node his belongs to bob\..*\n.*no terminal to ask on. Add --yes/);
  }
  t.is(imageOf(platform, 'his'), 'bob/web:v2');
  const { code } = await platform.walt('node', 'acquire', 'his', '--yes');
  t.deepEqual([code, imageOf(platform, 'his')], [0, 'alice/pc:latest']);
});

test.serial('on a terminal walt node acquire asks, and takes no for an answer', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const command = `${process.execPath} ${WALT} node acquire his`;
  const answerWith = async (line: string) => {
    return await runOnTerminal(command, {
      lines: [line],
      env: { WALT_SOCKET: platform.socket, WALT_USER: 'alice' },
    });
  };
  const no = await answerWith('n');
  t.regex(no.out, /Node his belongs to bob\. Go on\? \[y\/N\]/);
  t.regex(no.out, /Nothing was changed/);
  t.deepEqual([no.code, imageOf(platform, 'his')], [1, 'bob/web:v2']);
  const yes = await answerWith('y');
  t.deepEqual([yes.code, imageOf(platform, 'his')], [0, 'alice/pc:latest'], yes.out);
});

test.serial('nothing changes where an image does not fit one of the nodes', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const { code, err } = await platform.walt('node', 'boot', 'free-1,pi', 'web:v1');
  t.is(code, 1);
  t.regex(
    err,
    /Nothing was changed: image alice\/web:v1 is made for pc-x86-64, not for pi \(rpi-4-b\)/,
  );
  t.is(imageOf(platform, 'free-1'), DEFAULT);
  const acquired = await platform.walt('node', 'acquire', 'free-1,pi');
  t.regex(acquired.err, /no default image of model rpi-4-b, which pi is/);
  t.is(imageOf(platform, 'free-1'), DEFAULT);
});

test.serial('walt node boot says why an image cannot be booted', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const boot = async (image: string) => (await platform.walt('node', 'boot', 'mine', image)).err;
  t.regex(await boot('nothing'), /No image 'nothing:latest' is in your working set/);
  t.regex(await boot('bob/web:v2'), /belongs to bob.*walt image clone walt:bob\/web:v2/);
  t.regex(await boot('UPPER'), /is not the name of an image/);
  const missing = await platform.walt('node', 'boot', 'ghost,mine', 'web:v1');
  t.regex(missing.err, /No device with name 'ghost' found/);
});

test.serial('the server itself refuses nodes of others, and callers without a name', async (t) => {
  const { imageSwitch, ...platform } = await lab();
  t.teardown(platform.close);
  const request = { names: ['his'], user: 'alice', takesOthers: false };
  await t.throwsAsync(imageSwitch.acquire(request), {
    message: /these nodes belong to other users: his \(of bob\)/,
  });
  const { signal } = new AbortController();
  const nobody = createClient({ socket: platform.socket, user: 'No Body', signal });
  const asked = nobody.call('nodes.release', { names: ['mine'] });
  await t.throwsAsync(asked, { message: /Cannot tell who asks/ });
});

test.serial('sets of devices stand for their members', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const owned = await platform.walt('node', 'acquire', 'free-nodes', '--yes');
  t.regex(owned.err, /no default image of model rpi-4-b/, 'pi is free too');
  t.regex(
    (await platform.walt('node', 'reboot', 'all-switches')).err,
    /Nothing is in 'all-switches'/,
  );
  t.regex((await platform.walt('node', 'release', 'all-devices', '--yes')).err, /walt-server/);
  t.regex((await platform.walt('node', 'release', ',')).err, /No node is named/);
});

test.serial('a running node is rebooted into its new image', async (t) => {
  const commands: string[] = [];
  const agent = createServer((socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => {
      commands.push(text);
      if (/REBOOT/.test(commands.join(''))) socket.end('OK\n');
    });
  });
  await new Promise<void>((resolve) => agent.listen(0, '127.0.152.12', resolve));
  t.teardown(() => agent.close());
  const { port } = agent.address() as { port: number };
  const platform = await lab({ nodePort: port });
  t.teardown(platform.close);
  const mac = platform.registry.byName('mine')?.mac ?? '';
  for (const signal of [
    { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' },
    { kind: 'mounted' },
    { kind: 'booted' },
  ] as const) {
    platform.publish([{ kind: 'signal', mac, signal }]);
  }
  const { code, out, err } = await platform.walt('node', 'release', 'mine');
  t.deepEqual([code, err], [0, '']);
  t.is(out, `Node mine will now boot ${DEFAULT}.\nNode mine: rebooted ok.\n`);
  t.regex(commands.join(''), /REBOOT/);
});

test.serial(
  'the log says who acquired, released and booted a node, whatever the case of its name',
  async (t) => {
    const platform = await lab();
    t.teardown(platform.close);
    const { walt } = platform;
    await walt('node', 'acquire', 'free-1,FREE-1');
    await walt('node', 'boot', 'Free-1', 'web:v1');
    const asking = await walt('node', 'release', 'HIS');
    t.regex(asking.err, /Node his belongs to bob\..*\n.*--yes/);
    const twice = await walt('node', 'release', 'free-1', 'FREE-1');
    t.is(twice.out, `Node free-1 will now boot ${DEFAULT}.\n`, twice.err);
    const { out } = await walt('log', 'show', '--platform', 'node free-1');
    t.deepEqual(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^.* -> /, '')),
      [
        'node free-1 is acquired by alice: it boots alice/pc:latest',
        'node free-1 is given alice/web:v1 by alice',
        `node free-1 is released by alice: it boots ${DEFAULT}`,
      ],
    );
  },
);

test.serial('WALT_USER with characters that no user has is refused, not bent', async (t) => {
  const platform = await lab();
  t.teardown(platform.close);
  const env = { WALT_SOCKET: platform.socket, WALT_USER: 'DOM\\Alice' };
  const { code, err } = await startWalt(['node', 'show'], env).result;
  t.is(code, 1);
  t.regex(err, /^Cannot act for WALT_USER='DOM\\Alice': /);
});
