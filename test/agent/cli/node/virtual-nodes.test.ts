// What `walt node create` and `remove` say. Real machines are in test/qemu/virtual-nodes.test.ts.
import test from 'ava';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform } from '../test-platform.ts';

test.serial(
  'walt node create makes a node that waits where there is no default image',
  async (t) => {
    const platform = await startTestPlatform();
    t.teardown(platform.close);
    const { code, out, err } = await platform.walt('node', 'create', 'pc-7');
    t.is(code, 0);
    t.regex(
      out,
      /^Virtual node pc-7 \(52:54:00:[0-9a-f:]{8}, 127\.0\.152\.101\) is created, and boots once it can\.\n$/,
    );
    t.regex(err, /^It waits: no image for model pc-x86-64 yet/);
    const device = platform.registry.byName('pc-7');
    t.like(device, { type: 'unknown', model: 'pc-x86-64', machine: { isOff: false } });
    t.true(platform.machines.on.get(device?.mac ?? ''));

    const forgotten = await platform.walt('device', 'forget', 'pc-7', '--force');
    t.is(forgotten.code, 1);
    t.regex(forgotten.err, /pc-7 is a virtual node of this server.*walt node remove pc-7/);
    t.is((await platform.walt('node', 'remove', 'pc-7')).code, 0);
    t.deepEqual([platform.registry.all(), platform.machines.on.size], [[], 0]);
  },
);

test.serial(
  'walt node create refuses names, and what the server cannot carry, and makes nothing',
  async (t) => {
    const platform = await startTestPlatform();
    t.teardown(platform.close);
    await put(platform.registry, nodeNamed('PC-1', { ip: '127.0.152.11' }));
    const refuses = async (name: string, expected: RegExp) => {
      const { code, out, err } = await platform.walt('node', 'create', name);
      t.deepEqual([code, out], [1, ''], name);
      t.regex(err, expected);
      t.is(err.trim().split('\n').length, 1, err);
    };
    await refuses('pc-1', /^Cannot make pc-1: a device is called 'PC-1' already$/m);
    await refuses('my-nodes', /reserved word/);
    await refuses('1pc', /is not valid: a name has/);
    await refuses('a b', /is not valid/);
    await refuses('a\nb', /^Cannot make a\\nb: 'a\\nb' is not valid/);
    await refuses('walt-server', /reserved word/);
    platform.machines.refusal = 'it needs 64.0 GB of memory, and 3.1 GB are left';
    await refuses('pc-2', /^Cannot make pc-2: it needs 64\.0 GB of memory, and 3\.1 GB are left$/m);
    platform.machines.refusal = undefined;
    platform.machines.failure = 'Cannot run qemu-system-x86_64: it is not installed';
    await refuses(
      'pc-3',
      /^Nothing was made: Cannot run qemu-system-x86_64: it is not installed$/m,
    );
    platform.machines.failure = undefined;
    await platform.walt('node', 'create', 'pc-4');
    await refuses('pc-5', /^Cannot make pc-5: no address is left on this network$/m);
    t.deepEqual(
      platform.registry
        .all()
        .map(({ name }) => name)
        .toSorted(),
      ['PC-1', 'pc-4'],
    );
  },
);

test.serial(
  'walt node remove takes virtual nodes alone, and asks for those of others',
  async (t) => {
    const platform = await startTestPlatform();
    t.teardown(platform.close);
    await put(platform.registry, nodeNamed('board', { ip: '127.0.152.11' }));
    const machine = { isOff: false };
    const image = 'bob/web:v2';
    await put(platform.registry, nodeNamed('his', { ip: '127.0.152.12', image, machine }));
    const board = await platform.walt('node', 'remove', 'board');
    t.is(board.code, 1);
    t.regex(board.err, /^Nothing was changed: board is no virtual node of this server\./);
    const none = await platform.walt('node', 'remove', 'pc\n9');
    t.is(none.err, "No device with name 'pc\\n9' found. See walt device show.\n");
    const his = await platform.walt('node', 'remove', 'his');
    t.is(his.code, 1);
    t.regex(his.err, /belongs to bob/);
    t.is(platform.registry.all().length, 2);
    t.is((await platform.walt('node', 'remove', 'his', '--yes')).code, 0);
    t.is(platform.registry.byName('his'), undefined);
  },
);

test.serial(
  'walt node create takes settings, and refuses those that are none in one line',
  async (t) => {
    const platform = await startTestPlatform();
    t.teardown(platform.close);
    for (const [words, expected] of [
      [['ram'], /^walt node create: 'ram' is no KEY=VALUE, as ram=2G\.$/m],
      [['rma=2G'], /there is no setting 'rma'\. Did you mean 'ram'\?/],
      [['ram=2'], /^Nothing was changed: ram=2: expected/],
      [['networks=x\ny'], /^Nothing was changed: networks=x\\ny: 'x\\ny' is no name of a network/],
      [['ram=2G', 'ram=4G'], /ram is set twice/],
      [['power.driver=command'], /is for nodes that are not virtual alone/],
    ] as const) {
      const { code, err } = await platform.walt('node', 'create', 'pc-7', ...words);
      t.is(code, 1);
      t.regex(err, expected);
      t.is(err.trim().split('\n').length, 1, err);
    }
    t.deepEqual(platform.registry.all(), []);
    const made = await platform.walt('node', 'create', 'pc-7', 'ram=2G', 'cpu.cores=2');
    t.is(made.code, 0, made.err);
    t.deepEqual(platform.registry.byName('pc-7')?.settings, { ram: '2G' });
  },
);

test.serial('walt node show says what is wrong with a virtual machine, off or on', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const image = 'alice/web:v2';
  const machine = { isOff: false };
  const node = nodeNamed('pc-7', { ip: '127.0.152.11', image, machine });
  await put(platform.registry, node);
  platform.machines.trouble = 'it is broken';
  platform.machines.on.set(node.mac, true);
  t.regex(
    (await platform.walt('node', 'show', 'pc-7')).out,
    /^virtual machine: on, but it is broken$/m,
  );
  platform.machines.on.set(node.mac, false);
  const off = /^virtual machine: off, though it should be on: it is broken$/m;
  t.regex((await platform.walt('node', 'show', 'pc-7')).out, off);
});
