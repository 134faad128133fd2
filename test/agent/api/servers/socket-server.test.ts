// The API over HTTP on its real unix socket, with the client of `walt` and with curl.
import { once } from 'node:events';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { ApiAnswers } from '../../../../agent/api/api-options.ts';
import { prepareApiServer, startApiServer } from '../../../../agent/api/servers/socket-server.ts';
import { createClient } from '../../../../agent/cli/client.ts';
import { NoServerError } from '../../../../agent/cli/no-server-error.ts';
import { WaltError } from '../../../../agent/errors.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { collectGarbage, countAlive } from '../../../support/process/collect-garbage.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform } from '../../cli/test-platform.ts';
import { openLab } from '../call-cases.ts';

const { signal } = new AbortController();
const onProblem = () => undefined;

test('curl reads the API on its socket', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const curl = (...args: string[]) =>
    runProgram(['curl', '-sS', '--unix-socket', platform.socket, ...args]);
  const { said } = await curl('-i', 'http://walt/api/v1/version');
  t.regex(said, /^HTTP\/1\.1 200 OK\r\n/);
  t.regex(said, /content-type: application\/json.*\{"version":"1\.2\.3"\}$/s);
  const refused = await curl('-i', '-X', 'POST', 'http://walt/api/v1/images/remove');
  t.regex(refused.said, /^HTTP\/1\.1 400 Bad Request\r\n.*x-walt-user/s);
});

test('a name may have any letter, and comes back as it was given', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  const client = createClient({ socket: platform.socket, user: 'alice', signal });
  for (const node of ['a/b', 'a?b=c', 'é &%', '..']) {
    const asked = client.call('nodes.show', { node });
    await t.throwsAsync(asked, {
      message: `No device with name '${node}' found. See walt node show --all.`,
    });
  }
  t.is((await client.call('nodes.show', { node: 'pc-1' })).node.ip, '127.0.152.11');
});

test('a server leaves what is no socket at its path as it is, and says so', async (t) => {
  const folder = await temporaryFolder(t);
  const [file, place] = [join(folder, 'file'), join(folder, 'folder')];
  await writeFile(file, 'of somebody');
  await mkdir(place);
  const start = (socket: string) => startApiServer({} as ApiAnswers, { socket, onProblem });
  for (const socket of [file, place]) {
    await t.throwsAsync(start(socket), {
      instanceOf: WaltError,
      message: `Cannot listen at ${socket}: something else is there, which is no socket. Name another path (api.socket).`,
    });
  }
  t.is(await readFile(file, 'utf8'), 'of somebody');
  await t.throwsAsync(start(join(file, 'walt.sock')), {
    instanceOf: WaltError,
    message: /^Cannot listen at \S+: .*file.*\. Name another path \(api\.socket\)\.$/,
  });
});

test('a server does not take the socket of another, but that of a dead one', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { socket, answers } = platform;
  const second = startApiServer(answers, { socket, onProblem });
  await t.throwsAsync(second, { instanceOf: WaltError, message: /another walt-server answers/ });
  await platform.closeApi();
  const client = createClient({ socket, user: 'alice', signal });
  await t.throwsAsync(client.call('server.version'), { instanceOf: NoServerError });
  const stale = join(await temporaryFolder(t), 'new', 'walt.sock');
  const script = `require('net').createServer().listen(${JSON.stringify(stale)}, () => process.kill(process.pid, 9))`;
  const first = await startApiServer(answers, { socket: stale, onProblem });
  await first.close();
  await runProgram([process.execPath, '-e', script]);
  await access(stale);
  const next = await startApiServer(answers, { socket: stale, onProblem });
  t.teardown(next.close);
  t.is(
    (await createClient({ socket: stale, user: 'a', signal }).call('server.version')).version,
    '1.2.3',
  );
  await platform.openApi();
});

test('a prepared API is reached by nobody until it is opened, and has its answers then', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const socket = join(await temporaryFolder(t), 'walt.sock');
  const prepared = prepareApiServer({ socket, onProblem });
  const client = createClient({ socket, user: 'alice', signal });
  await t.throwsAsync(client.call('server.version'), { instanceOf: NoServerError });
  const server = await prepared.open(platform.answers);
  t.teardown(server.close);
  t.is((await client.call('server.version')).version, '1.2.3');
});

test('an answer is told when whoever asked has gone', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  const socket = join(platform.folder, 'second.sock');
  const asked = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<readonly string[]>();
  const wait: ApiAnswers['nodes.wait'] = async (fields, caller) => {
    asked.resolve();
    const reply = await platform.answers['nodes.wait'](fields, caller);
    ended.resolve(reply.missing);
    return reply;
  };
  const server = await startApiServer(
    { ...platform.answers, 'nodes.wait': wait },
    { socket, onProblem },
  );
  t.teardown(server.close);
  const leaving = new AbortController();
  const client = createClient({ socket, user: 'alice', signal: leaving.signal });
  const answer = client.call('nodes.wait', { names: ['pc-1'], timeoutSeconds: 60 });
  await asked.promise;
  leaving.abort();
  await t.throwsAsync(answer);
  t.deepEqual(await ended.promise, ['pc-1'], 'long before its time is over');
});

test('an answer that fails on its way is told to the server, and not taken for whole', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const problems: unknown[] = [];
  const disk = new Error('disk I/O error');
  const read = async function* () {
    yield [{ id: 1, at: 1, issuer: 'x', stream: 's', line: 'one' }];
    throw disk;
  };
  const socket = join(platform.folder, 'second.sock');
  const answers = { ...platform.answers, 'logs.read': read };
  const server = await startApiServer(answers, { socket, onProblem: (one) => problems.push(one) });
  t.teardown(server.close);
  const client = createClient({ socket, user: 'alice', signal });
  const found: string[] = [];
  const reading = async () => {
    for await (const { line } of client.lines('logs.read')) found.push(line);
  };
  await t.throwsAsync(reading(), { instanceOf: NoServerError });
  t.deepEqual([found, problems], [['one'], [disk]]);
});

test('a follower of the log who does not read costs little memory, and misses nothing', async (t) => {
  t.timeout(60_000);
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { journal, publish, socket } = platform;
  const held: WeakRef<object>[] = [];
  journal.follow((log) => held.push(new WeakRef(log)));
  const tell = (count: number) => {
    for (let each = 0; each < count; each += 1) {
      publish([{ kind: 'problem', source: 'test', message: 'something is wrong' }]);
    }
  };
  tell(1);
  const connection = connect(socket);
  t.teardown(() => connection.destroy());
  connection.write('GET /api/v1/logs?realtime=true&after=0 HTTP/1.1\r\nhost: walt\r\n\r\n');
  await once(connection, 'readable');
  for (let round = 0; round < 100; round += 1) {
    tell(1000);
    await sleep(1);
  }
  await createClient({ socket, user: 'alice', signal }).call('server.version');
  await sleep(200);
  collectGarbage();
  const alive = countAlive(held);
  t.true(alive < 5000, `${alive} of ${held.length} lines are in memory`);
  let text = '';
  connection.setEncoding('utf8');
  for await (const part of connection) {
    text += part;
    if (text.includes('"id":100001,')) break;
  }
  const ids = [...text.matchAll(/"id":(\d+),/g)].map(([, id]) => Number(id));
  t.deepEqual([ids.length, ids[0], ids.at(-1)], [100_001, 1, 100_001]);
});

test('a shell of an image stays for as long as its request, and no longer', async (t) => {
  t.timeout(60_000);
  const lab = await openLab();
  t.teardown(lab.close);
  const { socket } = lab.platform;
  const leaving = new AbortController();
  const alice = createClient({ socket, user: 'alice', signal: leaving.signal });
  const lines = alice.lines('images.shell', { name: 'pc' });
  let id = '';
  while (id === '') {
    const { value } = await lines.next();
    if (value?.kind === 'shell') ({ id } = value);
  }
  const save = async (user: string, name: string) => {
    const client = createClient({ socket, user, signal });
    let last: unknown;
    for await (const line of client.lines('images.save', { id, name, force: false })) last = line;
    return last;
  };
  t.like(await save('bob', 'stolen'), { kind: 'failed' });
  t.like(await save('alice', 'saved'), { kind: 'done', image: { name: 'alice/saved:latest' } });
  leaving.abort();
  const rest = async () => {
    for await (const line of lines) t.is(line.kind, 'step');
  };
  await t.throwsAsync(rest());
  await lab.platform.workshop.idle();
  const late = await save('alice', 'late');
  t.like(late, {
    kind: 'failed',
    error: 'This shell session is over, and what it changed is gone.',
  });
});
