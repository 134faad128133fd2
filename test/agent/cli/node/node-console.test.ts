// `walt node console` as a process, on a real terminal, against the API and real serial ports: files and sockets as QEMU has them,
// and a pseudo terminal in place of a serial line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readlink, rm, symlink, truncate } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { SerialPorts } from '../../../../agent/consoles/serial-ports.ts';
import { Background } from '../../../../lab/programs/background.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';
import { until } from '../walt-process.ts';

const NODE = nodeNamed('pc-1', { ip: '127.0.152.11', image: 'alice/pc:latest' });
const { mac: MAC } = NODE;

async function open(t: ExecutionContext) {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await put(platform.registry, NODE);
  return platform;
}

/** A person at a terminal. */
class Person {
  readonly child;
  said = '';

  constructor(platform: Pick<TestPlatform, 'socket'>, args: string, user = 'alice') {
    const command = `exec ${process.execPath} ${WALT} node console ${args}`;
    this.child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { ...process.env, WALT_SOCKET: platform.socket, WALT_USER: user, TERM: 'vt220' },
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: 90_000,
      killSignal: 'SIGKILL',
    });
    this.child.stdout.on('data', (bytes: Buffer) => {
      this.said += bytes.toString('latin1');
    });
  }

  type(keys: string) {
    this.child.stdin.write(keys);
  }

  async sees(wanted: RegExp | string) {
    const isThere = () =>
      typeof wanted === 'string' ? this.said.includes(wanted) : wanted.test(this.said);
    for (let tries = 0; tries < 1200; tries += 1) {
      if (isThere()) return;
      await sleep(25);
    }
    throw new Error(`Not seen: ${wanted}, but ${JSON.stringify(this.said)}`);
  }

  async leaves(): Promise<number | null> {
    this.type('\x01d');
    if (this.child.exitCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }
}

/** The serial port of a virtual machine as QEMU has it: a file, and a socket that takes one client. */
async function virtualPort(t: ExecutionContext, platform: TestPlatform) {
  const folder = join(await temporaryFolder(t), 'machine');
  await mkdir(folder);
  const files = { consoleLog: join(folder, 'console.log'), console: join(folder, 'console') };
  let typed = '';
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('data', (bytes) => {
      typed += bytes.toString('latin1');
    });
  });
  server.listen(files.console);
  t.teardown(() => {
    for (const client of clients) client.destroy();
    server.close();
  });
  const ports = new SerialPorts({
    consoles: platform.consoles,
    filesOf: () => files,
    onProblem: (reason) => t.fail(String(reason)),
  });
  t.teardown(() => ports.close());
  const say = (text: string) => appendFile(files.consoleLog, Buffer.from(text, 'latin1'));
  return { ports, files, say, typed: () => typed };
}

test('keys reach the machine, what it says is shown as it is, and ctrl-a d leaves', async (t) => {
  const platform = await open(t);
  const { ports, say, typed } = await virtualPort(t, platform);
  await say('before\r\n');
  await ports.follow({ mac: MAC, machine: {} });
  const person = new Person(platform, 'pc-1');
  await person.sees(/before\r\n/);
  await person.sees(/you type here; ctrl-a d leaves/);
  await say('\x1b[31mpc-1 login: \xff\x00');
  await person.sees('\x1b[31mpc-1 login: \xff\x00');
  person.type('root\r\x03\x01\x01');
  for (let tries = 0; tries < 400 && typed() !== 'root\r\x03\x01'; tries += 1) await sleep(25);
  t.is(typed(), 'root\r\x03\x01');
  t.is(await person.leaves(), 0, person.said);
  t.regex(person.said, /\[walt: left\]\r\n$/);
});

test('it is recorded while nobody looks; --history, --dump and --json show it, lines of the log escape it', async (t) => {
  const platform = await open(t);
  const { ports, say } = await virtualPort(t, platform);
  await ports.follow({ mac: MAC, machine: {} });
  await say('one\r\ntwo \x1b[2Jthree\r\nfour');
  await ports.catchUp(MAC);
  const dump = await platform.walt('node', 'console', 'pc-1', '--dump');
  t.deepEqual([dump.code, dump.err], [0, '']);
  t.regex(dump.out, /^\[walt: serial, [\d:.]+\]\r\none\r\n/);
  t.true(dump.out.endsWith('\none\r\ntwo \x1b[2Jthree\r\nfour'));
  const last = await platform.walt('node', 'console', 'pc-1', '--dump', '--history', '1');
  t.regex(last.out, /\]\r\nfour$/);
  const json = await platform.walt('node', 'console', 'pc-1', '--dump', '--json');
  const { at, ...piece } = JSON.parse(json.out);
  t.is(typeof at, 'number');
  t.deepEqual(piece, { source: 'serial', text: 'one\r\ntwo \u001b[2Jthree\r\nfour' });
  const log = await platform.walt('log', 'show', '--streams', 'console', '--history', 'full');
  t.regex(log.out, /pc-1\.console -> one\n.*pc-1\.console -> two \\u001b\[2Jthree\n$/);
});

test('one types and the others look, until one takes it; who leaves makes room', async (t) => {
  const platform = await open(t);
  const { ports, say, typed } = await virtualPort(t, platform);
  await ports.follow({ mac: MAC, machine: {} });
  const first = new Person(platform, 'pc-1');
  await first.sees(/you type here/);
  const second = new Person(platform, 'pc-1');
  await second.sees(/alice types here, you only look: --take types instead/);
  second.type('nothing');
  await say('both see this\r\n');
  await Promise.all([first.sees(/both see this/), second.sees(/both see this/)]);
  const third = new Person(platform, 'pc-1 --take --yes', 'bob');
  await third.sees(/you type here/);
  await first.sees(/bob types here now/);
  first.type('lost');
  third.type('mine');
  for (let tries = 0; tries < 400 && typed() === ''; tries += 1) await sleep(25);
  t.is(typed(), 'mine');
  t.is(await third.leaves(), 0);
  const fourth = new Person(platform, 'pc-1');
  await fourth.sees(/you type here/);
  for (const person of [first, second, fourth]) t.is(await person.leaves(), 0, person.said);
});

test('a server that comes back is gone on with, nothing twice and nothing missing', async (t) => {
  const platform = await open(t);
  const { ports, say } = await virtualPort(t, platform);
  await ports.follow({ mac: MAC, machine: {} });
  const person = new Person(platform, 'pc-1');
  await say('1\r\n');
  await person.sees(/1\r\n/);
  await platform.closeApi();
  await person.sees(/does not answer; trying again/);
  await say('2\r\n');
  await ports.catchUp(MAC);
  await platform.openApi();
  await person.sees(/server is back/);
  await say('3\r\n');
  await person.sees(/3\r\n/);
  t.is(await person.leaves(), 0, person.said);
  t.is(person.said.replaceAll(/\[walt: [^\]]*\]\r\n/g, ''), '1\r\n2\r\n3\r\n');
});

test('the log of a machine that is begun anew is gone on with', async (t) => {
  const platform = await open(t);
  const { ports, say, files } = await virtualPort(t, platform);
  await ports.follow({ mac: MAC, machine: {} });
  await say('a long line before it is begun anew\r\n');
  await ports.catchUp(MAC);
  await truncate(files.consoleLog);
  await say('after\r\n');
  await ports.catchUp(MAC);
  await ports.leave(MAC);
  // As the next server does.
  await ports.follow({ mac: MAC, machine: {} });
  await ports.catchUp(MAC);
  const { out } = await platform.walt('node', 'console', 'pc-1', '--dump');
  t.regex(out, /\]\r\na long line before it is begun anew\r\nafter\r\n$/);
});

test('it follows whose the node is, and says in a sentence what cannot be', async (t) => {
  const platform = await open(t);
  t.is((await platform.walt('node', 'console', 'pc-1', '--dump')).code, 0);
  await put(platform.registry, { ...NODE, image: 'bob/pc:latest' });
  const refused = await platform.walt('node', 'console', 'pc-1', '--dump');
  t.deepEqual([refused.code, refused.out], [1, '']);
  t.regex(refused.err, /^Node pc-1 belongs to bob\.\nNothing was changed: .*--yes/);
  t.is((await platform.walt('node', 'console', 'pc-1', '--dump', '--yes')).code, 0);
  for (const [args, expected] of [
    [['ghost'], /^No device with name 'ghost' found\. See [^\n]*\.\n$/],
    [['pc-1', '--yes', '--history', 'x'], /^Cannot begin with 'x' lines, expected a number/],
    [['pc-1', '--yes', '--watch', '--dump'], /give one of --watch, --dump\n$/],
    [['pc-1', '--yes', '--take'], /there is no terminal to type on\n$/],
  ] as const) {
    const { code, err } = await platform.walt('node', 'console', ...args);
    t.is(code, 1);
    t.regex(err, expected);
  }
});

test('where nothing takes keys that is said, and one can look all the same', async (t) => {
  const platform = await open(t);
  const person = new Person(platform, 'pc-1');
  await person.sees(/you type here/);
  person.type('x');
  await person.sees(/Nothing takes what you type: this device has no serial console here/);
  await platform.consoles.hear(MAC, 'kernel', Buffer.from('a line by UDP\nand one more\n'));
  await person.sees(/\[walt: kernel, [\d:.]+\]\r\na line by UDP\r\nand one more\r\n/);
  t.is(await person.leaves(), 0);
});

test('a serial line of the server: its speed, both ways, pulled out and put in again', async (t) => {
  const platform = await open(t);
  const name = `walt-test-${process.pid}`;
  const line = `/dev/serial/by-id/${name}`;
  const board = join(await temporaryFolder(t), 'board');
  await mkdir('/dev/serial/by-id', { recursive: true });
  t.teardown(() => rm(line, { force: true }));
  const plug = async () => {
    // A killed socat leaves its links, which lead to nobody's terminals, or to others'.
    for (const end of [board, `${board}-server`]) await rm(end, { force: true });
    const cable = new Background([
      'socat',
      `PTY,raw,echo=0,link=${board}`,
      `PTY,raw,echo=0,link=${board}-server`,
    ]);
    t.teardown(() => cable.kill());
    for (let tries = 0; tries < 200; tries += 1) {
      const ends = await Promise.all([readlink(board), readlink(`${board}-server`)]).catch(
        () => [],
      );
      if (ends.length === 2) break;
      await sleep(25);
    }
    await rm(line, { force: true });
    await symlink(await readlink(`${board}-server`), line);
    return cable;
  };
  const cable = await plug();
  const problems: string[] = [];
  const ports = new SerialPorts({
    consoles: platform.consoles,
    filesOf: () => ({ consoleLog: '', console: '' }),
    onProblem: (reason) => problems.push(String(reason)),
  });
  t.teardown(() => ports.close());
  const settings = { console: `${line},57600` };
  await ports.follow({ mac: MAC, settings });
  const person = new Person(platform, 'pc-1');
  await person.sees(/you type here/);
  const atBoard = new Background(['socat', '-', `${board},raw,echo=0`], { hasInput: true });
  t.teardown(() => atBoard.kill());
  atBoard.child.stdin?.write('U-Boot> ');
  await person.sees(/U-Boot> /);
  const speed = new Background(['stty', '-F', line, 'speed']);
  await speed.waitFor(/^57600\n/);
  person.type('reset\r');
  await atBoard.waitFor(/reset\r/);
  await ports.follow({ mac: '52:54:00:00:98:0c', settings });
  for (let tries = 0; tries < 200 && problems.length === 0; tries += 1) await sleep(25);
  t.regex(problems[0] ?? '', /another device has it as its console/);
  await cable.kill();
  await rm(line, { force: true });
  await plug();
  const again = new Background(['socat', '-', `${board},raw,echo=0`], { hasInput: true });
  t.teardown(() => again.kill());
  await sleep(100);
  for (let tries = 0; tries < 40 && !/back again/.test(person.said); tries += 1) {
    again.child.stdin?.write('back again\n');
    await sleep(250);
  }
  await person.sees(/back again/);
  t.is(await person.leaves(), 0, person.said);
});

test('--watch without a terminal goes on until it is ended', async (t) => {
  const platform = await open(t);
  const running = platform.spawnWalt('node', 'console', 'pc-1');
  await platform.consoles.hear(MAC, 'kernel', Buffer.from('hello\n'));
  await until(running, { pattern: /hello\r\n/ });
  running.child.kill('SIGINT');
  t.is((await running.result).code, 130);
});
