// `walt node run` on nodes that run the default image.
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { RunningNode } from '../../../support/nodes/running-nodes.ts';
import { until } from '../walt-process.ts';
import { accessLab } from './access-lab.ts';

/** Lines in the order of the alphabet. */
function sorted(text: string): string[] {
  return text.trimEnd().split('\n').toSorted();
}

/** Waits until nothing on the node has such a command line. */
async function untilGone(node: RunningNode, pattern: RegExp): Promise<string[]> {
  const found = async () => (await node.processes()).filter((line) => pattern.test(line));
  for (let tries = 0; tries < 150 && (await found()).length > 0; tries += 1) await sleep(100);
  return await found();
}

test('walt node run says what each node says, and ends as the worst of them', async (t) => {
  const { node, platform } = await accessLab(t);
  const { walt } = platform;
  await node('pc-1');
  await node('pc-2');
  await node('alices', { image: 'alice/pc:latest' });
  const down = await node('down');
  await down.stop();

  const words = await walt(
    'node',
    'run',
    'pc-1,pc-2',
    '--',
    'printf',
    '%s|',
    'a  b',
    "it's",
    '$HOME',
    '--json',
    '',
  );
  t.is(words.code, 0, words.err);
  t.deepEqual(sorted(words.out), [
    "pc-1: a  b|it's|$HOME|--json||",
    "pc-2: a  b|it's|$HOME|--json||",
  ]);
  t.is(words.err, 'Nodes pc-1 and pc-2: ok.\n');

  const line = await walt(
    'node',
    'run',
    'my-nodes',
    '--',
    'echo one | tr o 0; echo two >&2; exit 7',
  );
  t.deepEqual([line.code, line.out], [7, 'alices: 0ne\n']);
  t.deepEqual(line.err, 'alices: two\nNode alices: status 7.\n');

  const mixed = await walt('node', 'run', 'free-nodes', '--', 'exit 3');
  t.is(mixed.code, 255);
  t.regex(mixed.err, /^down: Cannot enter down: no ssh server answers on 127\.0\.160\.4/m);
  t.regex(mixed.err, /^Nodes pc-1 and pc-2: status 3\. Node down: not done\.$/m);

  const json = await walt(
    'node',
    'run',
    'down,pc-1',
    '--json',
    '--',
    'printf "\\377 x"; kill -9 $$',
  );
  t.is(json.code, 255);
  const { nodes } = JSON.parse(json.out) as {
    nodes: { node: string; error: string | null; errors: string }[];
  };
  const [off, killed] = nodes.toSorted((left, right) => left.node.localeCompare(right.node));
  t.like(off, { node: 'down', status: null, output: '', errors: '', isCut: false });
  t.is(typeof off?.error, 'string');
  // Its ssh server may end before it has sent what the shell there says of its end.
  const said = { status: 137, output: '\ufffd x', isCut: false };
  t.like(killed, { node: 'pc-1', error: null, ...said });
  t.regex(killed?.errors ?? '', /^(Killed\n)?$/);
  const own = await walt('node', 'run', 'pc-1', '--', 'exit 255');
  t.deepEqual([own.code, own.err], [255, 'Node pc-1: status 255.\n'], 'the status of the command');
  const help = await walt('node', 'run', 'pc-1', '--', 'ls', '--help');
  t.regex(help.out, /^pc-1: Usage: ls/);
});

test('walt node run ends what it has started, everywhere', async (t) => {
  const { node, platform } = await accessLab(t);
  const { walt, spawnWalt } = platform;
  const first = await node('pc-1');
  const second = await node('pc-2');
  const started = [first, second];
  const line = 'trap "" TERM HUP INT; (sleep 611 & sleep 612) ; echo so';
  const timed = await walt(
    'node',
    'run',
    'pc-1,pc-2',
    '--timeout',
    '1',
    '--',
    `echo begun; ${line}`,
  );
  t.is(timed.code, 255);
  t.deepEqual(sorted(timed.out), ['pc-1: begun', 'pc-2: begun']);
  t.regex(timed.err, /^pc-1: it did not end in time$/m);
  for (const one of started) t.deepEqual(await untilGone(one, /sleep 61|trap/), []);

  const running = spawnWalt('node', 'run', 'pc-1,pc-2', '--', `echo begun; ${line}`);
  await until(running, { pattern: /pc-1: begun.*pc-2: begun|pc-2: begun.*pc-1: begun/s });
  t.regex((await first.processes()).join('\n'), /sleep 61/);
  running.child.kill('SIGINT');
  t.is((await running.result).code, 130);
  for (const one of started) t.deepEqual(await untilGone(one, /sleep 61|trap/), []);

  process.kill(first.pid, 'SIGSTOP');
  const hung = await walt('node', 'run', 'pc-1,pc-2', '--timeout', '3', '--', 'echo here');
  process.kill(first.pid, 'SIGCONT');
  t.deepEqual([hung.code, hung.out], [255, 'pc-2: here\n'], 'one that hangs holds up no other');
  t.regex(hung.err, /^Node pc-2: ok\. Node pc-1: not done\.$/m);
});

test('walt node run asks for nodes of others, and refuses what cannot be', async (t) => {
  const { node, platform } = await accessLab(t);
  const { walt } = platform;
  await node('bobs', { image: 'bob/pc:latest' });
  await node('pc-1');
  const unasked = await walt('node', 'run', 'pc-1,bobs', '--', 'touch', '/tmp/so');
  t.deepEqual([unasked.code, unasked.out], [1, '']);
  t.regex(unasked.err, /^Node bobs belongs to bob\./);
  const asked = await walt(
    'node',
    'run',
    'pc-1,bobs',
    '--yes',
    '--serial',
    '--',
    'test -e /tmp/so || echo no',
  );
  t.deepEqual(
    [asked.code, asked.out],
    [0, 'pc-1: no\nbobs: no\n'],
    'nothing ran, and serial is in order',
  );
  const refused: [string[], RegExp][] = [
    [
      ['pc-1', '--parallel', '0', '--', 'true'],
      /^Cannot run on '0' nodes at once, expected a number from 1 to 500\n$/,
    ],
    [
      ['pc-1', '--parallel', '2', '--serial', '--', 'true'],
      /^walt node run: give either --serial or --parallel N\n$/,
    ],
    [['pc-1', '--timeout', 'x', '--', 'true'], /^Cannot wait for 'x' seconds/],
    [['pc-1,ghost', '--', 'true'], /^No device with name 'ghost' found\. See [^\n]*\.\n$/],
    [['pc-1', '--'], /^walt node run: missing COMMAND/],
    [['pc-1', 'ls', '-l'], /^walt node run: unknown option '-l'/],
  ];
  for (const [args, expected] of refused) {
    const { code, out, err } = await walt('node', 'run', ...args);
    t.deepEqual([code, out], [1, ''], err);
    t.regex(err, expected);
  }
});

test('walt node run reaches 60 nodes, so many at once as it is told', async (t) => {
  const { node, platform } = await accessLab(t);
  const names = Array.from({ length: 60 }, (_, index) => `n-${index + 1}`);
  const nodes: RunningNode[] = [];
  for (const name of names) nodes.push(await node(name));
  const { walt } = platform;
  const all = await walt('node', 'run', 'all-nodes', '--', 'hostname; cat /etc/debian_version');
  t.is(all.code, 0, all.err);
  t.is(all.err, '60 nodes: ok.\n');
  for (const name of names) t.is(all.out.match(new RegExp(`^${name}: `, 'gm'))?.length, 2, name);
  const few = await walt(
    'node',
    'run',
    'all-nodes',
    '--parallel',
    '7',
    '--',
    'date +%s.%N; sleep .3; date +%s.%N',
  );
  const spans = new Map<string, number[]>();
  for (const [, name = '', time] of few.out.matchAll(/^(n-\d+): ([\d.]+)$/gm)) {
    spans.set(name, [...(spans.get(name) ?? []), Number(time)]);
  }
  t.is(spans.size, 60);
  const edges = [...spans.values()].flatMap(([from = 0, to = 0]) => [
    [from, 1] as const,
    [to, -1] as const,
  ]);
  let [now, most] = [0, 0];
  for (const [, step] of edges.toSorted(([left], [right]) => left - right)) {
    now += step;
    most = Math.max(most, now);
  }
  t.true(most > 1 && most <= 7, `${most} at once`);
});
