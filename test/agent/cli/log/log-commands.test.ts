// `walt log show` and `walt log wait`, with what was and with what comes.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { ServerEvent } from '../../../../agent/events/event.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { startTestPlatform } from '../test-platform.ts';
import { until } from '../walt-process.ts';

function newDevice(name: string): ServerEvent {
  const { image: _image, root: _root, ...device } = nodeNamed(name, { ip: '127.0.152.20' });
  return { kind: 'new-device', device: { ...device, type: 'unknown' } };
}

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
  const child = spawn('bash', ['-c', script, process.execPath, WALT], {
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
