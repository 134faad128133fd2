import { spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { ServerEvent } from '../../../../agent/events/event.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { docker20, saved } from '../../../support/archives/saved.ts';
import { BOOTABLE, tar } from '../../../support/images/tar.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { put } from '../../../support/put.ts';
import { nodeNamed, startTestPlatform, until } from '../test-platform.ts';

const MAIN = join(import.meta.dirname, '../../../../agent/cli/main.ts');

function newDevice(name: string): ServerEvent {
  const { image: _image, root: _root, ...device } = nodeNamed(name, { ip: '127.0.152.20' });
  return { kind: 'new-device', device: { ...device, type: 'unknown' } };
}

test.serial('walt --version tells the version of the server too', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  t.regex((await platform.walt('--version')).out, /^walt [\d.]+\nwalt-server 1\.2\.3\n$/);
  const versions = JSON.parse((await platform.walt('version', '--json')).out);
  t.is(versions['walt-server'], '1.2.3');
});

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

test.serial('walt log show selects by kind, stream, line and time', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const file = { from: '127.0.152.20', path: 'x', reason: 'odd' };
  platform.publish([
    newDevice('unknown-a'),
    { kind: 'refused-file', ...file },
    { kind: 'problem', source: 'nfs', message: 'trouble' },
  ]);
  const shown = async (...args: string[]) => {
    const { code, out } = await platform.walt('log', 'show', ...args, '--json');
    t.is(code, 0);
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).stream);
  };
  const [devices, files, nfs] = ['platform.devices', 'platform.files', 'daemon.nfs'];
  t.deepEqual(await shown(), [devices, files, nfs]);
  t.deepEqual(await shown('--history', 'full'), [devices, files, nfs]);
  t.deepEqual(await shown('--platform', '--history', '-5m:'), [devices, files]);
  t.deepEqual(await shown('--server'), [nfs]);
  t.deepEqual(await shown('--server', '--platform'), [devices, files, nfs]);
  t.deepEqual(await shown('--streams', 'files$'), [files]);
  t.deepEqual(await shown('new (node|device)', '--history', 'full'), [devices]);
  t.deepEqual(await shown('--history', ':-5m'), []);
  t.deepEqual(await shown('--history', 'none'), []);
});

test.serial('walt log show selects by node and stream, in a format', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const at = new Date(2026, 10, 22, 10, 45, 49).getTime() * 1000 + 5;
  const say = (issuer: string, stream: string, line: string) => ({ at, issuer, stream, line });
  await platform.journal.take([
    say('pc-1', 'temperature', '20'),
    say('pc-2', 'temperature', '21'),
    say('pc-1', 'humidity', '50'),
  ]);
  platform.publish([newDevice('unknown-a')]);
  const shown = async (...args: string[]) => {
    const { code, out, err } = await platform.walt('log', 'show', ...args);
    t.is(code, 0, err);
    return out.split('\n').filter((line) => line !== '');
  };
  const format = ['--format', '{issuer}/{stream}={line}'];
  t.deepEqual(await shown('--nodes', 'pc-1', ...format), [
    'pc-1/temperature=20',
    'pc-1/humidity=50',
  ]);
  t.deepEqual(await shown('--issuers', 'pc-2,pc-2', ...format), ['pc-2/temperature=21']);
  t.deepEqual(await shown('--streams', '^temp', '--history', 'full', ...format), [
    'pc-1/temperature=20',
    'pc-2/temperature=21',
  ]);
  t.deepEqual(await shown('^5', '--nodes', 'pc-1', '--streams', 'id', ...format), [
    'pc-1/humidity=50',
  ]);
  t.deepEqual(await shown('--streams', 'none'), []);
  t.is((await shown('--issuers', 'server')).length, 1);
  t.is((await shown('--issuers', 'server,pc-1')).length, 3);
  t.deepEqual(await shown('--nodes', 'pc-2'), ['10:45:49.000005 pc-2.temperature -> 21']);
  t.deepEqual(await shown('--nodes', 'pc-2', '--history', 'full'), [
    '2026-11-22 10:45:49.000005 pc-2.temperature -> 21',
  ]);
  for (const [args, complaint] of [
    [['--format', '{node}'], /'\{node\}' is no field/],
    [['('], /Cannot use '\('/],
    [['--nodes', 'my-nodes'], /No node is in 'my-nodes'/],
    [['^(\\w+)+!$'], /takes too long/],
  ] as const) {
    await platform.journal.take([say('pc-1', 'long', 'a'.repeat(100))]);
    const { code, err } = await platform.walt('log', 'show', ...args);
    t.is(code, 1);
    t.regex(err, complaint);
  }
});

test.serial('walt log wait returns with a line, of any node or of each', async (t) => {
  t.timeout(60_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const say = (issuer: string, line: string) =>
    platform.journal.take([{ at: Date.now() * 1000, issuer, stream: 's', line }]);
  await say('pc-1', 'ready 1');
  const margin = await platform.walt('log', 'wait', '^ready', '--time-margin', '3600');
  t.regex(margin.out, /^\S+ pc-1\.s -> ready 1\n$/);
  t.is(margin.code, 0);
  const late = await platform.walt('log', 'wait', '^ready', '--timeout', '0.5');
  t.deepEqual([late.code, late.err], [1, 'Timeout was reached.\n']);
  const all = ['log', 'wait', '^ready', '--mode', 'ALL', '--nodes', 'pc-1,pc-2'];
  const one = await platform.walt(...all, '--time-margin', '3600', '--timeout', '0.5');
  t.deepEqual(
    [one.code, one.err],
    [
      1,
      "There is no device 'pc-2', and the log has no line of one. See walt device show.\n" +
        'Timeout was reached.\nNo such line of node pc-2 yet.\n',
    ],
  );
  const waiting = platform.spawnWalt(...all);
  // Nothing tells when it has begun to follow.
  for (let tries = 0; tries < 200 && !/pc-1/.test(waiting.said().out); tries += 1) {
    await say('pc-1', 'ready again');
    await sleep(50);
  }
  await platform.closeApi();
  await say('pc-2', 'busy');
  await say('pc-2', 'ready at last');
  await until(waiting, { pattern: /trying again/, where: 'err' });
  await platform.openApi();
  const { code, out } = await waiting.result;
  t.is(code, 0);
  t.regex(out, /^\S+ pc-1\.s -> ready again\n\S+ pc-2\.s -> ready at last\n$/);
  for (const [args, complaint] of [
    [['x', '--mode', 'SOME'], /expected ALL or ANY/],
    [['x', '--mode', 'ALL'], /say which, as --nodes my-nodes/],
    [['x', '--time-margin', 'long'], /expected seconds, as 30/],
    [['x', '--timeout', '0'], /expected a number above 0/],
    [[], /REGEXP/],
  ] as const) {
    const wrong = await platform.walt('log', 'wait', ...args);
    t.is(wrong.code, 1);
    t.regex(wrong.err, complaint);
  }
});

test.serial('walt log show alone shows the last 100 lines and tells of the others', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const numbers = Array.from({ length: 130 }, (_, index) => index);
  platform.publish(numbers.map((index) => newDevice(`unknown-${index}`)));
  const { out, err } = await platform.walt('log', 'show');
  t.is(out.trim().split('\n').length, 100);
  t.regex(out, /name=unknown-30 [^\n]*\n.*name=unknown-129 [^\n]*\n$/s);
  t.is(err, 'These are the last 100; --history full shows all.\n');
  const matching = await platform.walt('log', 'show', 'name=unknown-.?5 ');
  t.is(matching.out.trim().split('\n').length, 10);
  t.is(matching.err, '');
});

test.serial(
  'walt log show --realtime shows what comes, after the past, until ctrl-C',
  async (t) => {
    t.timeout(60_000);
    const platform = await startTestPlatform();
    t.teardown(platform.close);
    platform.publish([newDevice('unknown-old')]);
    const both = platform.spawnWalt('log', 'show', '--realtime', '--history', '-1m:');
    const fresh = platform.spawnWalt('log', 'show', '--realtime');
    await until(both, { pattern: /unknown-old/ });
    let count = 0;
    const feed = setInterval(() => {
      count += 1;
      platform.publish([newDevice(`unknown-${count}`)]);
    }, 100);
    t.teardown(() => clearInterval(feed));
    await until(fresh, { pattern: /unknown-\d+ (.*\n)+.*unknown-\d+ / });
    await until(both, { pattern: /unknown-1 (.*\n)+.*unknown-2 / });
    for (const { child } of [both, fresh]) child.kill('SIGINT');
    for (const { code, err } of [await both.result, await fresh.result]) {
      t.deepEqual([code, err], [130, '']);
    }
    t.notRegex(fresh.said().out, /unknown-old/);
  },
);

/** Numbers of the devices that `walt log show` has told of. */
function numbersIn(out: string): number[] {
  return [...out.matchAll(/name=unknown-(\d+) /g)].map(([, number]) => Number(number));
}

for (const history of [[], ['--history', 'full'], ['--history', '-5m:'], ['unknown']]) {
  test.serial(
    `walt log show --realtime ${history.join(' ')} goes on after a restart of the server`,
    async (t) => {
      t.timeout(60_000);
      const platform = await startTestPlatform();
      t.teardown(platform.close);
      const numbers = (from: number, to: number) =>
        Array.from({ length: to - from + 1 }, (_, index) => from + index);
      const tell = (from: number, to: number) =>
        platform.publish(numbers(from, to).map((number) => newDevice(`unknown-${number}`)));
      tell(1, 3);
      const shown = platform.spawnWalt('log', 'show', '--realtime', ...history);
      // Nothing tells when it has begun to follow: it is told of one device after another until it shows one.
      let next = 4;
      while (numbersIn(shown.said().out).every((number) => number < 4)) {
        tell(next, next);
        next += 1;
        await sleep(50);
      }
      for (const round of [1, 2]) {
        await platform.closeApi();
        tell(next, next + 1500);
        next += 1501;
        const away = new RegExp(`(does not answer; trying again…[^]*){${round}}`);
        await until(shown, { pattern: away, where: 'err' });
        tell(next, next);
        next += 1;
        await platform.openApi();
        await until(shown, { pattern: new RegExp(`unknown-${next - 1} `) });
      }
      tell(next, next);
      await until(shown, { pattern: new RegExp(`unknown-${next} `) });
      shown.child.kill('SIGINT');
      const { code, out, err } = await shown.result;
      t.is(code, 130);
      t.is(err, 'The server does not answer; trying again…\nThe server is back.\n'.repeat(2));
      const told = numbersIn(out);
      t.deepEqual(told, numbers(told[0] ?? 0, next), 'without a gap or a repeat');
      t.is(told[0] === 1, history[0] === '--history');
    },
  );
}

test.serial('walt is quiet when its reader has read enough', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const numbers = Array.from({ length: 3000 }, (_, index) => index);
  platform.publish(numbers.map((index) => newDevice(`unknown-${index}`)));
  const script = '"$0" "$@" log show --history full | head -n 1; echo "$PIPESTATUS"';
  const child = spawn('bash', ['-c', script, process.execPath, MAIN], {
    env: { ...process.env, WALT_SOCKET: platform.socket },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  await new Promise((resolve) => child.once('close', resolve));
  t.regex(said, /^[^\n]*unknown-0 [^\n]*\n0\n$/);
});

test.serial('walt image import brings in a layout folder and shows its steps', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  t.regex((await platform.walt('image', 'show')).err, /no image yet.*images-import/);
  const layout = await makeTinyImage(join(platform.folder, 'made'), {});
  const { code, out, err } = await platform.walt('image', 'import', layout, '--name', 'alice/tiny');
  t.is(code, 0, err);
  t.regex(out, /^Image alice\/tiny:latest is ready for pc-x86-64 \(\d+ MB\)\.\n$/);
  t.regex(err, /^reading layout…\nunpacking…\n(\[.*\n)*checking the image…\n/);
  const shown = await platform.walt('image', 'show');
  t.regex(
    shown.out,
    /^name +in-use +created +compatibility\n-+( +-+){3}\ntiny:latest +no +\d{4}-\d\d-\d\d [\d:]+ +pc-x86-64\n$/,
  );
  const { images } = JSON.parse((await platform.walt('image', 'show', '--json')).out);
  t.like(images, { length: 1, 0: { name: 'alice/tiny:latest', inUse: false } });
});

test.serial('walt image import asks before it replaces the image of another user', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const layout = await makeTinyImage(join(platform.folder, 'made'), {});
  const name = ['--name', 'bob/tiny'];
  t.is((await platform.walt('image', 'import', layout, ...name)).code, 0);
  const { code, err } = await platform.walt('image', 'import', layout, ...name);
  t.is(code, 1);
  t.regex(err, /Image bob\/tiny:latest belongs to another user and will be replaced\.\n.*--yes/);
  t.is((await platform.walt('image', 'import', layout, ...name, '--yes')).code, 0);
});

test.serial('walt image import asks, too, where the archive has the name', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const walt = (...args: string[]) => platform.walt('image', 'import', ...args);
  const file = async (owner: string, content: string) => {
    const layers = [tar([...BOOTABLE, { path: 'motd', content }])];
    const path = join(platform.folder, `${owner}-${content}.tar`);
    await writeFile(path, tar(docker20([saved({ names: [`${owner}/tiny:v1`], layers })])));
    return path;
  };
  t.is((await walt(await file('bob', 'one'))).code, 0);
  const [before] = platform.images.all();
  const refused = await walt(await file('bob', 'two'));
  t.is(refused.code, 1);
  t.regex(
    refused.err,
    /Image bob\/tiny:v1 belongs to another user and will be replaced\.\n.*--yes/,
  );
  t.deepEqual(platform.images.all(), [before]);
  t.is((await walt(await file('bob', 'two'), '--yes')).code, 0);
  t.not(platform.images.all()[0]?.digest, before?.digest);
  // Default images are nobody's.
  for (const content of ['one', 'two']) {
    t.is((await walt(await file('waltplatform', content))).code, 0);
  }
});

test.serial('walt image import finds an archive relative to where it is called', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const layout = await makeTinyImage(join(platform.folder, 'made'), {});
  const archive = join(platform.folder, 'tiny.tar');
  const tar = await runProgram(['tar', '-cf', archive, '-C', layout, '.']);
  t.is(tar.code, 0, tar.said);
  const script =
    'cd "$1" && WALT_SOCKET=walt.sock exec "$0" "$2" image import tiny.tar --name alice/tiny';
  const argv = ['sh', '-c', script, process.execPath, platform.folder, MAIN];
  const { code, said } = await runProgram(argv);
  t.is(code, 0, said);
  t.is(platform.images.all().length, 1);
});

test.serial('walt image import names each problem of an image on its line', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const files = ['boot/pc-x86-64/kernel'];
  const layout = await makeTinyImage(join(platform.folder, 'made'), { files });
  const bad = await platform.walt('image', 'import', layout, '--name', 'alice/tiny');
  t.is(bad.code, 1);
  t.regex(
    bad.err,
    /Cannot use image alice\/tiny:latest:\n {2}- \/boot\/pc-x86-64\/ has no start file/,
  );
  t.regex(bad.err, /\n {2}- \/bin\/busybox is missing.*\n {2}- \/sbin\/init is missing/);
  const misnamed = await platform.walt('image', 'import', layout, '--name', 'Tiny');
  t.is(misnamed.code, 1);
  t.regex(misnamed.err, /'Tiny' is not the name of an image/);
  t.deepEqual(platform.images.all(), []);
});
