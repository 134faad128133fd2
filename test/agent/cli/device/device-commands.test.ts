// `walt device …`: what the list says, other names, and devices that are forgotten with what they keep.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform } from '../test-platform.ts';

test.serial('walt device show has known devices, and unknown ones with the reason', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(
    platform.registry,
    nodeNamed('pc-1', { ip: '127.0.152.11', machine: { isOff: false } }),
  );
  const { image: _image, ...waiting } = nodeNamed('unknown-2', { ip: '127.0.152.12' });
  await put(platform.registry, { ...waiting, type: 'unknown' });
  const { code, out } = await platform.walt('device', 'show');
  t.is(code, 0);
  t.is(
    out,
    `Known devices:

name         ip             mac                type            netsetup
-----------  -------------  -----------------  --------------  --------
pc-1         127.0.152.11   52:54:00:00:98:0b  node (virtual)  LAN
walt-server  192.168.152.1  -                  server          -

Unknown devices:

name       ip            mac                type     netsetup  note
---------  ------------  -----------------  -------  --------  --------------------------------
unknown-2  127.0.152.12  52:54:00:00:98:0c  unknown  LAN       no image for model pc-x86-64 yet
`,
  );
  t.is(JSON.parse((await platform.walt('device', 'show', '--json')).out).devices.length, 3);
  const shown = await platform.walt('node', 'show', 'unknown-2');
  t.is(shown.code, 1);
  t.regex(shown.err, /'unknown-2' is not a node: no image for model pc-x86-64 yet\./);
});

test.serial('walt device rename gives another name, and the log says so', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('node-1', { ip: '127.0.152.11' }));
  const { code, out } = await platform.walt('device', 'rename', 'node-1', 'pc-412-A');
  t.deepEqual([code, out], [0, 'Device node-1 is now called pc-412-A.\n']);
  t.is(platform.registry.byName('pc-412-A')?.ip, '127.0.152.11');
  const log = await platform.walt('log', 'show', '--platform', '--history', '-5m:');
  t.regex(
    log.out,
    /^\d\d:\d\d:\d\d\.\d{6} walt-server\.platform\.devices -> renamed node-1 to pc-412-A by alice\n$/,
  );
});

test.serial(
  'walt device forget takes a device off the list, a node that booted by --force alone',
  async (t) => {
    const platform = await startTestPlatform();
    t.teardown(platform.close);
    const booted = nodeNamed('pc-1', { ip: '127.0.152.11', firstFile: 1 });
    await put(platform.registry, booted);
    await put(platform.registry, nodeNamed('ghost', { ip: '127.0.152.12' }));
    await put(platform.registry, nodeNamed('bobs', { ip: '127.0.152.13', image: 'bob/web:v1' }));
    const ghost = await platform.walt('device', 'forget', 'GHOST');
    const said = 'Device GHOST (52:54:00:00:98:0c) is forgotten, and 127.0.152.12 is free.\n';
    t.deepEqual([ghost.code, ghost.out], [0, said]);
    t.is(platform.registry.byName('ghost'), undefined);
    const refused = await platform.walt('device', 'forget', 'pc-1');
    t.is(refused.code, 1);
    t.regex(refused.err, /^Nothing was changed: pc-1 has booted before\. Add --force\.\n$/);
    t.truthy(platform.registry.byName('pc-1'));
    const signal = { kind: 'booted' } as const;
    platform.publish([{ kind: 'signal', mac: booted.mac, signal }]);
    const up = await platform.walt('device', 'forget', 'pc-1');
    t.regex(up.err, /pc-1 is booted, and loses its root file system\. Add --force\./);
    const kept = join(platform.folder, 'persist/alice');
    await mkdir(join(kept, booted.mac), { recursive: true });
    await writeFile(join(kept, `${booted.mac}.disk`), 'what it kept');
    const left = await platform.walt('device', 'forget', 'pc-1', '--force');
    t.is(left.code, 0);
    t.regex(
      left.out,
      /keeps in \/persist stays \(of alice\).*walt device forget pc-1 --force --kept/,
    );
    t.is((await readdir(kept)).length, 2, 'it stays where nobody asked for its end');
    await put(platform.registry, booted);
    t.is((await platform.walt('device', 'forget', 'pc-1', '--force', '--kept')).code, 0);
    t.deepEqual(await readdir(kept), []);
    t.is(platform.registry.byName('pc-1'), undefined);
    t.not((await platform.walt('device', 'forget', 'bobs')).code, 0, 'it is of another user');
    t.is((await platform.walt('device', 'forget', 'bobs', '--yes')).code, 0);
    const log = await platform.walt('log', 'show', '--platform', '--history', 'full');
    t.regex(log.out, /alice made the server forget pc-1 mac=52:54:00:00:98:0b\n/);
  },
);

/** A disk in /persist, as it lies on the server. */
async function keepDisk(
  folder: string,
  owner: string,
  mac: string,
): Promise<() => Promise<string[]>> {
  const place = join(folder, 'persist', owner);
  await mkdir(join(place, mac), { recursive: true });
  await writeFile(join(place, `${mac}.disk`), 'what it kept');
  return () => readdir(place);
}

test.serial('files that others keep are removed once they were asked, or with --yes', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { registry, folder } = platform;
  const free = nodeNamed('pc-1', { ip: '127.0.152.11' });
  await put(registry, free);
  const left = await Promise.all(
    ['waltplatform', 'alice', 'bob', 'carol'].map((owner) => keepDisk(folder, owner, free.mac)),
  );
  const forget = ['device', 'forget', 'pc-1', '--kept'] as const;
  const refused = await platform.walt(...forget);
  t.is(refused.code, 1);
  t.regex(refused.err, /^pc-1 keeps files of bob, carol in \/persist\. They are removed\./);
  t.regex(refused.err, /Nothing was changed: .*Add --yes/);
  await t.throwsAsync(
    platform.answers['devices.forget'](
      { device: 'pc-1', removesKept: true },
      { user: 'alice', role: 'admin', from: '', signal: new AbortController().signal },
    ),
    { message: /Nothing was changed: pc-1 keeps files of bob, carol in \/persist/ },
  );
  t.truthy(registry.byName('pc-1'));
  for (const names of left) t.is((await names()).length, 2);
  t.is((await platform.walt(...forget, '--yes')).code, 0);
  for (const names of left) t.deepEqual(await names(), []);
});

test.serial(
  'walt node remove takes what a virtual node keeps along, also of others by --yes',
  async (t) => {
    const platform = await startTestPlatform();
    t.teardown(platform.close);
    t.is((await platform.walt('node', 'create', 'pc-7')).code, 0);
    const { mac = '' } = platform.registry.byName('pc-7') ?? {};
    const names = await keepDisk(platform.folder, 'bob', mac);
    const refused = await platform.walt('node', 'remove', 'pc-7');
    t.is(refused.code, 1);
    t.regex(refused.err, /^pc-7 keeps files of bob in \/persist\. They are removed\./);
    await t.throwsAsync(
      platform.answers['nodes.remove'](
        { node: 'pc-7' },
        { user: 'alice', role: 'admin', from: '', signal: new AbortController().signal },
      ),
      { message: /Nothing was changed: pc-7 keeps files of bob in \/persist/ },
    );
    t.deepEqual([platform.registry.byName('pc-7')?.mac, (await names()).length], [mac, 2]);
    t.is((await platform.walt('node', 'remove', 'pc-7', '--yes')).code, 0);
    t.deepEqual(await names(), []);
  },
);

test.serial('walt says of what is done to the server that it is no node', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  for (const words of [
    ['device', 'rename', 'WALT-server', 'x1'],
    ['node', 'reboot', 'server'],
    ['node', 'wait', 'all-devices', '--timeout', '2'],
  ]) {
    const { code, err } = await platform.walt(...words);
    t.is(code, 1);
    t.regex(
      err,
      /walt-server is the server: it is no node, has no settings and keeps its name\./,
      words.join(' '),
    );
  }
});

test.serial('walt device rename knows a name in any case, and gives it in one only', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('node-1', { ip: '127.0.152.11' }));
  await put(platform.registry, nodeNamed('Board', { ip: '127.0.152.12' }));
  const own = await platform.walt('device', 'rename', 'NODE-1', 'Node-1');
  t.is(own.code, 0);
  t.is(platform.registry.byIp('127.0.152.11')?.name, 'Node-1');
  for (const category of ['device', 'node']) {
    const same = await platform.walt(category, 'rename', 'Node-1', 'Node-1');
    t.regex(same.out, /^(Device|Node) Node-1 has this name already\.\n$/);
  }
  const taken = await platform.walt('device', 'rename', 'node-1', 'bOARD');
  t.not(taken.code, 0);
  t.regex(taken.err, /another device is called 'Board'/);
  const dashed = await platform.walt('device', 'rename', 'node-1', 'pc-');
  t.regex(dashed.err, /does not end with a dash/);
});
