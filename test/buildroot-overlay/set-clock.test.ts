// walt-set-clock under the real busybox, and the real server of boot files: the clock that it sets is a file.
import { mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import type { FileOutcome, FoundFile } from '../../agent/handlers/files/find-file.ts';
import { onTimeQuestion } from '../../agent/handlers/time/on-time-question.ts';
import { startHttpServer } from '../../agent/net/http/server.ts';
import { listen } from '../../agent/net/running-server.ts';
import { wantsServerZone } from '../../agent/nodes/time-zone.ts';
import { $ } from '../../scripts/run.ts';
import { createNodeSide, OVERLAY_BIN } from './keepers.ts';

const HOST = '127.0.0.1';
const RTC_2010 = 1_262_304_000;
const NOW = 1_795_678_912;

type Answer = (path: string) => FileOutcome | undefined;

/** As the server does whose clock shows this. @param timezone what the node's setting says */
function told(seconds: number, { isRight = true, timezone = 'image' } = {}): Answer {
  const registry = { byIp: () => ({ settings: { timezone } }) as never };
  const context = {
    registry,
    isRight: () => isRight,
    wantsZone: wantsServerZone,
    clock: () => seconds * 1e6,
  };
  return (path) => onTimeQuestion(path, HOST, { ...context, zone: () => 'Europe/Paris' });
}

const saying = (text: string) => (): FileOutcome => {
  const found: FoundFile = { kind: 'bytes', bytes: Buffer.from(text) };
  return { found, events: [] };
};

async function serve(answer: Answer) {
  const all = { isServed: () => true, isKnown: () => true, onLimit: () => {} };
  return await startHttpServer({
    ...{ ...all, address: HOST, port: 0, onTransfer: () => {}, onProblem: () => {} },
    handler: async (path) => answer(path),
  });
}

type Node = {
  /** its root */
  readonly root: string;
  /** what the clock was set to, if it was; and what was said */
  readonly setTo: string;
  readonly said: string;
};

/** Lets a node ask; its clock shows `shows`, and `prepare` is run in its root before. */
async function run(
  { port, shows = RTC_2010, prepare = 'true' }: { port: number; shows?: number; prepare?: string },
  check: (node: Node) => Promise<void> | void,
): Promise<void> {
  const node = await createNodeSide(`walt.server.ip=${HOST}`);
  try {
    const { folder } = node;
    const root = join(folder, 'root');
    await mkdir(join(root, 'etc/systemd'), { recursive: true });
    await mkdir(join(root, 'usr/share/zoneinfo/Europe'), { recursive: true });
    await $({ cwd: root })`sh -ec ${prepare}`;
    for (const name of ['kmsg', 'set']) await writeFile(join(folder, name), '');
    const date = `[ "$1" != +%s ] || exec echo ${shows}\n[ "$1" = -s ] && echo "$2" >>${folder}/set`;
    const variables = [
      ...[
        `PATH=${folder}/bin:/usr/bin`,
        `WALT_CMDLINE=${folder}/cmdline`,
        `WALT_KMSG=${folder}/kmsg`,
      ],
      ...[`WALT_HTTP_PORT=${port}`, `WALT_ROOT=${root}`],
      `WALT_DATE=${await node.script('date', date)}`,
    ];
    await $`env ${variables} busybox sh ${OVERLAY_BIN}/walt-set-clock`;
    const text = (name: string) => readFile(join(folder, name), 'utf8');
    await check({ root, setTo: (await text('set')).trim(), said: await text('kmsg') });
  } finally {
    await node.remove();
  }
}

async function runWith(
  answer: Answer,
  options: { shows?: number; prepare?: string },
  check: (node: Node) => Promise<void> | void,
): Promise<void> {
  const server = await serve(answer);
  try {
    await run({ port: server.port, ...options }, check);
  } finally {
    await server.close();
  }
}

for (const [seconds, expected] of [
  [NOW + 0.2, NOW],
  [NOW + 0.7, NOW + 1],
] as const) {
  test(`a node whose clock starts in 2010 is set to ${seconds}`, (t) =>
    runWith(told(seconds), {}, ({ setTo, said }) => {
      t.is(setTo, `@${expected}`);
      t.is(
        said,
        `<4>walt: the clock was off by ${NOW - RTC_2010} s, and was set to the time of the server\n`,
      );
    }));
}

test('a clock that is ahead is set back', (t) =>
  runWith(told(NOW), { shows: NOW + 3600 }, ({ setTo, said }) => {
    t.is(setTo, `@${NOW}`);
    t.regex(said, /off by -3600 s/);
  }));

test('a clock that is right stays, and nothing is said', (t) =>
  runWith(told(NOW + 0.9), { shows: NOW - 1 }, ({ setTo, said }) => {
    t.is(setTo, '');
    t.is(said, '');
  }));

const NOT_TOLD = '<4>walt: the server does not tell the time: the clock stays as it is\n';

for (const [what, answer] of [
  ['whose own clock is not right', told(NOW, { isRight: false })],
  ['of another version', () => undefined],
  ['that says something else', saying('<html>time 5.5</html>\n')],
  [
    'that says a command',
    saying('time 1.$(reboot)\ntime 1;reboot.1\ntime 9999999999999.1\ntime -5.1\n'),
  ],
] as const) {
  test(`a server ${what} leaves the clock as it is, and the node says so`, (t) =>
    runWith(answer, {}, ({ setTo, said }) => {
      t.is(setTo, '');
      t.is(said, NOT_TOLD);
    }));
}

test('a node goes on without a server, and without one that does not answer', async (t) => {
  t.timeout(60_000);
  const silent = createServer();
  const port = await listen(silent, { address: HOST, port: 0 });
  try {
    await run({ port }, ({ said }) => void t.is(said, NOT_TOLD));
  } finally {
    silent.close();
  }
  await run({ port }, ({ said }) => void t.is(said, NOT_TOLD));
});

const PARIS = 'echo paris >usr/share/zoneinfo/Europe/Paris; echo Etc/UTC >etc/timezone';

test('a node that wants it has the time zone of the server', (t) =>
  runWith(
    told(NOW, { timezone: 'server' }),
    { shows: NOW, prepare: PARIS },
    async ({ root, said }) => {
      t.is(await readlink(join(root, 'etc/localtime')), '/usr/share/zoneinfo/Europe/Paris');
      t.is(await readFile(join(root, 'etc/timezone'), 'utf8'), 'Europe/Paris\n');
      t.is(said, '');
    },
  ));

test('a node that wants no time zone keeps that of its image', (t) =>
  runWith(told(NOW), { shows: NOW, prepare: PARIS }, async ({ root }) => {
    t.is(await readFile(join(root, 'etc/timezone'), 'utf8'), 'Etc/UTC\n');
  }));

test('a time zone that the image does not know is named, and its own stays', (t) =>
  runWith(
    told(NOW, { timezone: 'server' }),
    { shows: NOW, prepare: 'echo Etc/UTC >etc/timezone' },
    async ({ root, said }) => {
      t.is(said, '<4>walt: the image has no time zone Europe/Paris\n');
      t.is(await readFile(join(root, 'etc/timezone'), 'utf8'), 'Etc/UTC\n');
    },
  ));

test('a time zone is a name, and no path out of the folder of zones', (t) =>
  runWith(
    saying(`time ${NOW}.0\nzone ../../../etc/timezone\nzone /etc/timezone\n`),
    { shows: NOW, prepare: PARIS },
    async ({ root, said }) => {
      t.is(said, '');
      t.is(await readFile(join(root, 'etc/timezone'), 'utf8'), 'Etc/UTC\n');
    },
  ));

for (const [what, prepare] of [
  ['nothing there', 'true'],
  ['a file in the way', 'touch etc/systemd/timesyncd.conf.d'],
  ['a dangling link in the way', 'ln -s /nowhere etc/systemd/timesyncd.conf.d'],
  [
    'a pipe in the way',
    'mkdir etc/systemd/timesyncd.conf.d; mkfifo etc/systemd/timesyncd.conf.d/walt.conf',
  ],
] as const) {
  test(`systemd-timesyncd of an image is told of the server, with ${what}`, (t) =>
    runWith(told(NOW), { shows: NOW, prepare }, async ({ root }) => {
      const path = join(root, 'etc/systemd/timesyncd.conf.d/walt.conf');
      t.is(await readFile(path, 'utf8'), `[Time]\nNTP=${HOST}\n`);
    }));
}
