// A packet socket of a thread, and one of perl: what is heard and sent is the same.
import { readFile } from 'node:fs/promises';
import anyTest, { type TestFn } from 'ava';
import { Background } from '../../../../lab/programs/background.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { createNamespace, type Namespace } from '../../../support/namespace.ts';

const test = anyTest.serial as TestFn<{ host: Namespace; ip: (...argv: string[]) => unknown }>;
const HEARD = 'test/support/dhcp/frames-heard.ts';
const [DECLINE, REQUEST] = [4, 3];
const EVERYBODY = 'ffffffffffff';
const SENDER = '020000000001';

/** An ARP probe for 10.0.0.`last`, in hex. */
const probe = (last: number, to = EVERYBODY) =>
  `${to}${SENDER}08060001080006040001${SENDER}00000000${'0'.repeat(12)}0a0000${hex(last)}`;

/** A DHCP message to the server, whose options are behind the 240 bytes of BOOTP. */
function dhcp(type: number): string {
  const ip = `4500011000000000ff110000${'00000000'}ffffffff`;
  return `${EVERYBODY}${SENDER}0800${ip}0044004300fc0000${'00'.repeat(240)}3501${hex(type)}ff`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

test.before(async (t) => {
  const host = await createNamespace(`wps${process.pid}`);
  const ip = (...argv: string[]) => succeed(host.command(['ip', ...argv]));
  t.context = { host, ip };
});

test.beforeEach(async ({ context: { ip } }) => {
  await ip('link', 'add', 'ears', 'type', 'veth', 'peer', 'name', 'voice');
  for (const name of ['ears', 'voice']) await ip('link', 'set', name, 'up');
});

test.afterEach.always(async ({ context: { ip } }) => {
  await Promise.resolve(ip('link', 'delete', 'voice')).catch(() => undefined);
});

test.after.always((t) => t.context.host?.remove());

/** A program that hears, ready to, which is told by lines. */
async function hear(host: Namespace, ...words: string[]) {
  const program = new Background(host.command([process.execPath, HEARD, ...words]), {
    hasInput: true,
  });
  await program.waitFor(/^hears/m);
  const say = (...lines: string[]) => program.child.stdin?.write(`${lines.join('\n')}\n`);
  const frames = () => program.said.match(/(?<=^frame )[0-9a-f]+$/gm) ?? [];
  return { program, say, frames };
}

for (const holder of ['thread', 'perl'] as const) {
  test(`a packet socket of ${holder} says its MAC, sends, and hears what is wanted`, async (t) => {
    const { host } = t.context;
    const ears = await hear(host, 'ears', holder, String(DECLINE));
    const voice = await hear(host, 'voice', holder);
    t.teardown(() => Promise.all([ears.program.kill(), voice.program.kill()]));
    const mac = await succeed(host.command(['cat', '/sys/class/net/ears/address']));
    t.regex(ears.program.said, new RegExp(`^hears ${String(mac.stdout).trim()}$`, 'm'));
    const others = probe(2, '020000000099');
    voice.say(probe(1), others, dhcp(DECLINE), dhcp(REQUEST), probe(3));
    await ears.program.waitFor(new RegExp(probe(3)));
    const ours = ears.frames().filter((frame) => frame.slice(12).startsWith(SENDER));
    t.deepEqual(ours, [probe(1), dhcp(DECLINE), probe(3)]);
    // It does not hear itself.
    t.false(voice.frames().some((frame) => frame.slice(12).startsWith(SENDER)));
    t.is(voice.program.said.match(/^sent true$/gm)?.length, 5);
    ears.program.child.stdin?.end();
    t.is(await ears.program.ended(), 0);
    t.regex(ears.program.said, /^closed undefined$/m);
  });

  test(`a packet socket of ${holder} has room for what comes while nobody reads it`, async (t) => {
    const ears = await hear(t.context.host, 'ears', holder);
    const voice = await hear(t.context.host, 'voice', holder);
    t.teardown(() => Promise.all([ears.program.kill(), voice.program.kill()]));
    const stopped = await processes(ears.program);
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    voice.say(...Array.from({ length: 500 }, () => probe(1)), 'mark');
    await voice.program.waitFor(/^marked$/m);
    for (const pid of stopped) process.kill(pid, 'SIGCONT');
    voice.say(probe(2));
    await ears.program.waitFor(new RegExp(probe(2)));
    t.is(ears.frames().filter((frame) => frame === probe(1)).length, 500);
  });

  test(`a packet socket of ${holder} loses nothing while the server is held up`, async (t) => {
    const ears = await hear(t.context.host, 'ears', holder);
    const voice = await hear(t.context.host, 'voice', holder);
    t.teardown(() => Promise.all([ears.program.kill(), voice.program.kill()]));
    ears.say('hold');
    await ears.program.waitFor(/^held$/m);
    // Some 440 KB: more than may wait between thread and server, and than a pipe holds.
    for (let part = 0; part < 100; part += 1) {
      voice.say(...Array.from({ length: 100 }, () => probe(1)));
    }
    voice.say(probe(2));
    await ears.program.waitFor(new RegExp(probe(2)));
    t.is(ears.frames().filter((frame) => frame === probe(1)).length, 10_000);
  });

  test(`a process with a packet socket of ${holder} ends when it wants to`, async (t) => {
    // Of the loopback, which brings nothing: only the process itself can wake the thread.
    const ears = await hear(t.context.host, 'lo', holder, '', '-1');
    t.teardown(() => ears.program.kill());
    ears.say('exit');
    t.is(await ears.program.ended(), 7);
  });

  test(`a packet socket of ${holder} says why there is none`, async (t) => {
    const none = await hear(t.context.host, 'nowhere', holder);
    t.teardown(() => none.program.kill());
    t.regex(
      none.program.said,
      /Cannot see walt-net below IP: index on nowhere: (No such device|ENODEV)/,
    );
    t.regex(none.program.said, /^hears undefined$/m);
    none.say(probe(1));
    await none.program.waitFor(/^sent false$/m);
    none.program.child.stdin?.end();
    t.is(await none.program.ended(), 0);
  });
}

test('a packet socket of a thread goes on when its interface is up again', async (t) => {
  const { host, ip } = t.context;
  const ears = await hear(host, 'ears', 'thread');
  t.teardown(() => ears.program.kill());
  await ip('link', 'set', 'ears', 'down');
  await ip('link', 'set', 'ears', 'up');
  const voice = await hear(host, 'voice', 'thread');
  t.teardown(() => voice.program.kill());
  voice.say(probe(1));
  await ears.program.waitFor(new RegExp(probe(1)));
  t.notRegex(ears.program.said, /Cannot/);
});

test('a packet socket of a thread is opened again where its interface was gone', async (t) => {
  const { host, ip } = t.context;
  const ears = await hear(host, 'ears', 'thread');
  t.teardown(() => ears.program.kill());
  await ip('link', 'delete', 'voice');
  await ears.program.waitFor(/Cannot see walt-net below IP: ears is gone/);
  await ip('link', 'add', 'ears', 'type', 'veth', 'peer', 'name', 'voice');
  for (const name of ['ears', 'voice']) await ip('link', 'set', name, 'up');
  const isThere = setInterval(() => ears.say(probe(1)), 500);
  await ears.program.waitFor(/^sent true$/m);
  clearInterval(isThere);
  const voice = await hear(host, 'voice', 'thread');
  t.teardown(() => voice.program.kill());
  voice.say(probe(2));
  await ears.program.waitFor(new RegExp(probe(2)));
  t.is(ears.frames().filter((frame) => frame === probe(2)).length, 1);
});

/** The process itself, and those that it started. */
async function processes({ child: { pid } }: Background): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [Number(pid), ...children.split(' ').filter(Boolean).map(Number)];
}
