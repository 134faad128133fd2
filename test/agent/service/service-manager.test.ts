// systemd's messages as systemd gets them: perl takes its place at the socket, and systemd's own program sends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ServiceManager, takeServiceOptions } from '../../../agent/service/service-manager.ts';
import { eventually } from '../../support/lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RECEIVER = `
use Socket; $| = 1;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die; bind($socket, pack_sockaddr_un($ARGV[0])) or die;
while (defined recv($socket, my $message, 4096, 0)) { print "$message\\n" }
`;

async function listen(t: ExecutionContext) {
  const socket = join(await temporaryFolder(t), 'notify');
  const child = spawn('perl', ['-e', RECEIVER, socket], { stdio: 'pipe' });
  t.teardown(() => child.kill());
  await once(child, 'spawn');
  let heard = '';
  child.stdout.on('data', (bytes: Buffer) => {
    heard += String(bytes);
  });
  const isThere = () =>
    access(socket).then(
      () => true,
      () => false,
    );
  await eventually(isThere, Boolean, 20);
  return {
    socket,
    hears: (word: RegExp) =>
      eventually(
        async () => heard,
        (all) => word.test(all),
        20,
      ),
  };
}

test('ServiceManager tells systemd that the server is ready, and of which process', async (t) => {
  const { socket, hears } = await listen(t);
  const manager = new ServiceManager({ socket }, (reason) => t.fail(String(reason)));
  await manager.ready();
  t.regex(await hears(/READY=1/), new RegExp(`^MAINPID=${process.pid}$`, 'm'));
  await manager.stopping();
  t.regex(await hears(/STOPPING=1/), /^STATUS=stops; nodes go on$/m);
});

test('ServiceManager gives signs of life until it is told to end', async (t) => {
  const { socket, hears } = await listen(t);
  const options = { socket, watchdogMs: 30 };
  const problems: unknown[] = [];
  const end = await new ServiceManager(options, (reason) => problems.push(reason)).ready();
  await hears(/WATCHDOG=1[\s\S]*WATCHDOG=1/);
  t.deepEqual(problems, []);
  end();
});

test('ServiceManager says what does not get through, and goes on', async (t) => {
  const problems: unknown[] = [];
  const manager = new ServiceManager({ socket: '/nonexistent/notify' }, (reason) => {
    problems.push(reason);
  });
  await manager.ready();
  t.is(problems.length, 1);
});

test('ServiceManager says nothing without systemd', async (t) => {
  const manager = new ServiceManager({}, (reason) => t.fail(String(reason)));
  const end = await manager.ready();
  end();
  await manager.stopping();
  t.pass();
});

test('takeServiceOptions() leaves nothing for programs that the server starts', (t) => {
  const env = {
    NOTIFY_SOCKET: '/run/n',
    WATCHDOG_USEC: '60000000',
    WATCHDOG_PID: '7',
    PATH: '/bin',
  };
  t.deepEqual(takeServiceOptions(env, 7), {
    ...{ socket: '/run/n', watchdogMs: 60_000 },
    environment: { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '60000000' },
  });
  t.deepEqual(Object.keys(env), ['PATH']);
});

test('takeServiceOptions() takes no watchdog that is of another process', (t) => {
  const env = { NOTIFY_SOCKET: '/run/n', WATCHDOG_USEC: '60000000', WATCHDOG_PID: '7' };
  t.deepEqual(takeServiceOptions(env, 8), {
    ...{ socket: '/run/n', environment: { NOTIFY_SOCKET: '/run/n' } },
  });
  t.deepEqual(takeServiceOptions({}, 8), {});
});
