// `walt-server-setup` as people run it, on a machine that has an office and a network for nodes.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ip } from '../../../lab/network/ip.ts';
import { createNamespace } from '../../../lab/network/namespace.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { watchOver } from '../../../lab/programs/watchdog.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SETUP = join(import.meta.dirname, '../../../agent/setup/main.ts');
const CONFIG = '# mine\nnetwork:\n  namespace: walt-net\n';

/** A machine with two cards, `office` and `nodes`, that leads to another one. */
async function openMachine(t: ExecutionContext, short: string) {
  const [name, far] = [`walt-lab-${short}-${process.pid}`, `walt-lab-${short}f-${process.pid}`];
  watchOver({ namespaces: [name, far] });
  const machine = await createNamespace(name, { bridge: 'office', address: '10.3.0.1/24' });
  const nodes = await createNamespace(far, { bridge: 'unused', address: '10.9.9.1/24' });
  t.teardown(() => machine.remove());
  t.teardown(() => nodes.remove());
  await ip(
    '-n',
    name,
    'link',
    'add',
    'nodes',
    'type',
    'veth',
    'peer',
    'name',
    'card',
    'netns',
    far,
  );
  await ip('-n', far, 'address', 'add', '192.168.152.250/24', 'dev', 'card');
  await ip('-n', far, 'link', 'set', 'card', 'up');
  const etc = await temporaryFolder(t);
  await mkdir(join(etc, 'walt'));
  await writeFile(join(etc, 'walt/server.yaml'), CONFIG);
  const inside = (argv: readonly string[]) => ['nsenter', `--net=/run/netns/${name}`, ...argv];
  return {
    ...{ name, nodes, etc },
    run: (argv: readonly string[]) => succeed(inside(argv)),
    setup: (...args: string[]) =>
      runProgram(inside([process.execPath, SETUP, '--etc', etc, ...args]), { seconds: 60 }),
    files: async () => (await readdir(etc, { recursive: true })).toSorted(),
    read: (path: string) => readFile(join(etc, path), 'utf8'),
  };
}

test('walt-server-setup shows what it will do, does it, and undoes it', async (t) => {
  t.timeout(3 * 60_000);
  const { name, run, setup, files, read } = await openMachine(t, 'setup');
  const before = { files: await files(), network: await ip('-n', name, '-brief', 'address') };

  const dry = await setup('--interface', 'nodes', '--dry-run');
  t.is(dry.code, 0, dry.said);
  t.regex(dry.said, /Interface nodes is there, and nobody uses it/);
  t.regex(dry.said, /gives out addresses of 192\.168\.152\.1 to 192\.168\.152\.254/);
  t.deepEqual(await files(), before.files);
  const silent = await setup('--interface', 'nodes');
  t.is(silent.code, 1);
  t.regex(silent.said, /Nothing was changed: there is no terminal to ask on\. Add --yes\./);
  t.deepEqual(await files(), before.files);
  // Looking for other servers has left nothing.
  t.is(await ip('-n', name, '-brief', 'address'), before.network);

  const done = await setup('--interface', 'nodes', '--address', '192.168.99.1/24', '--yes');
  t.is(done.code, 0, done.said);
  t.regex(await read('walt/server.yaml'), /^# mine\n[\s\S]*address: 192\.168\.99\.1\/24$/m);
  const unit = await read('systemd/system/walt-net.service');
  const commands = (key: string) =>
    unit.split('\n').flatMap((line) => new RegExp(`^${key}=-?(.+)$`).exec(line)?.[1] ?? []);
  for (const command of commands('ExecStart')) await run(command.split(' '));
  const shown = await ip('-n', name, '-brief', '-4', 'address', 'show', 'dev', 'walt-net');
  t.regex(shown, /192\.168\.99\.1\/24/);
  t.regex(await ip('-n', name, '-brief', 'link', 'show', 'master', 'walt-net'), /^nodes@/);
  // Another setup begins from what was there before the first one.
  t.is((await setup('--virtual', '--yes')).code, 0);
  t.false((await files()).includes('systemd/system/walt-net.service'));
  for (const command of commands('ExecStop')) await run(command.split(' '));
  t.is(await ip('-n', name, '-brief', 'address'), before.network);

  const undone = await setup('--undo', '--yes');
  t.is(undone.code, 0, undone.said);
  t.is(await read('walt/server.yaml'), CONFIG);
  const left = (await files()).filter((path) => !path.startsWith('systemd'));
  t.deepEqual(left, before.files);
  const again = await setup('--undo', '--yes');
  t.is(again.code, 1);
  t.regex(again.said, /^Cannot undo: no setup has changed anything here\.$/m);
});

test('walt-server-setup finds another DHCP server, and leaves the addresses to it only when it is told', async (t) => {
  t.timeout(3 * 60_000);
  const { nodes, setup, read } = await openMachine(t, 'sdhcp');
  const dnsmasq = new Background(
    nodes.command([
      ...['dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null', '--port=0', '--pid-file='],
      ...['--interface=card', '--bind-interfaces', '--log-facility=-', '--user=root'],
      ...['--dhcp-range=192.168.152.200,192.168.152.220', '--no-ping', '--leasefile-ro'],
    ]),
  );
  t.teardown(() => dnsmasq.kill());
  await dnsmasq.waitFor(/DHCP, IP range/);
  const refused = await setup('--interface', 'nodes', '--yes');
  t.is(refused.code, 1);
  t.regex(refused.said, /Another DHCP server is there: 192\.168\.152\.250\./);
  t.regex(
    refused.said,
    /^Cannot set up walt-net: 192\.168\.152\.250 gives addresses there already/m,
  );
  t.is(await read('walt/server.yaml'), CONFIG);
  const proxy = ['--dhcp', 'proxy', '--address', '192.168.152.2/24'];
  const done = await setup('--interface', 'nodes', ...proxy, '--yes');
  t.is(done.code, 0, done.said);
  t.regex(await read('walt/server.yaml'), /^ {2}mode: proxy$/m);
});

for (const [args, message] of [
  [['--vlan', '7'], /^Cannot set up walt-net: --vlan needs --interface\. /],
  [['--interface', 'x', '--vlan', '4095'], /^Cannot set up walt-net: --vlan is '4095', expected a/],
  [['--interface', 'x', '--virtual'], /^Cannot set up walt-net: --virtual and --interface exclude/],
  [
    ['--address', '192.168.1.1'],
    /^Cannot set up walt-net: --address is '192\.168\.1\.1', expected/,
  ],
  [['--dhcp', 'both'], /^Cannot set up walt-net: --dhcp is 'both', expected server or proxy\. /],
  [['--nothing'], /^Cannot set up walt-net: Unknown option '--nothing'/],
  [
    [],
    /^Cannot set up walt-net: there is no terminal to ask on\. Say --interface NAME or --virtual\.$/m,
  ],
  [
    ['--interface', 'nosuch', '--yes'],
    /^Nothing was changed: mend what is wrong, and start again\.$/m,
  ],
] as const) {
  test(`walt-server-setup ${args.join(' ')} is refused in one sentence`, async (t) => {
    const etc = await temporaryFolder(t);
    const run = await runProgram([process.execPath, SETUP, '--etc', etc, ...args]);
    t.is(run.code, 1);
    t.regex(run.said, message);
    t.deepEqual(await readdir(etc), []);
  });
}
