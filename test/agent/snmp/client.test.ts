// The SNMP client with agents that behave, and with those that do not.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import test from 'ava';
import type { SnmpTarget } from '../../../agent/snmp/access.ts';
import { SnmpError, withSnmp } from '../../../agent/snmp/client.ts';
import { freePort } from '../../../lab/network/free-port.ts';
import { type EmulatedOptions, emulateSwitch } from '../../../lab/switches/emulated-switch.ts';

const QUICK = { timeout: 300, retries: 1 };
const NAME = '1.3.6.1.2.1.1.5.0';
const IF_NAME = '1.3.6.1.2.1.31.1.1.1.1';
const v3 = { user: 'walt', password: 'a long password', privacy: 'another password' };

const target = (port: number, access: SnmpTarget['access']): SnmpTarget => ({
  ...{ name: 'sw-1', ip: '127.0.0.1', port, access },
});

const ACCESSES: readonly [EmulatedOptions['access'], SnmpTarget['access']][] = [
  [{ community: 'lab' }, { version: '1', community: 'lab' }],
  [{ community: 'lab' }, { version: '2c', community: 'lab' }],
  [v3, { version: '3', ...v3 }],
];

for (const [given, access] of ACCESSES) {
  test(`SnmpClient version ${access.version}: get, walk, set, and what is not there`, async (t) => {
    const switched: string[] = [];
    await using sw = await emulateSwitch({
      ...{ access: given, portCount: 24, name: 'sw-1' },
      onPower: (port, isOn) => switched.push(`${port} ${isOn}`),
    });
    await withSnmp(target(sw.port, access), async (client) => {
      const [name] = await client.get([NAME]);
      t.is(Buffer.from(name as Uint8Array).toString(), 'sw-1');
      t.deepEqual(await client.get(['1.3.6.1.2.1.1.99.0']), [undefined]);
      const rows = await client.walk(IF_NAME);
      t.deepEqual(
        rows.map(({ index }) => index),
        Array.from({ length: 24 }, (_, at) => [at + 1]),
      );
      t.deepEqual(await client.walk('1.3.6.1.2.1.99'), []);
      t.deepEqual(await client.walk('1.3.6.1.9.1.1'), []);
      await client.set([{ oid: '1.3.6.1.2.1.105.1.1.1.3.1.7', value: 2 }]);
      t.deepEqual(switched, ['7 false']);
      await t.throwsAsync(client.set([{ oid: NAME, value: 1 }]), { instanceOf: SnmpError });
    });
  });
}

test('SnmpClient a wrong community, and a switch that says nothing, are said plainly', async (t) => {
  await using sw = await emulateSwitch({ access: { community: 'lab' }, portCount: 2 });
  const wrong = target(sw.port, { version: '2c', community: 'secret-word' });
  const thrown = await t.throwsAsync(
    withSnmp(wrong, (client) => client.get([NAME]), QUICK),
    { instanceOf: SnmpError },
  );
  t.regex(thrown?.message ?? '', /^Cannot ask sw-1 \(127\.0\.0\.1\): it does not answer SNMP 2c: /);
  t.notRegex(thrown?.message ?? '', /secret-word/);
});

test('SnmpClient version 3: a wrong user and wrong passphrases are refused, and never shown', async (t) => {
  await using sw = await emulateSwitch({ access: v3, portCount: 2 });
  for (const part of [
    { user: 'nobody' },
    { password: 'not the password' },
    { privacy: 'not the other' },
  ]) {
    const access = { version: '3', ...v3, ...part } as const;
    const thrown = await t.throwsAsync(
      withSnmp(target(sw.port, access), (client) => client.get([NAME]), QUICK),
      { instanceOf: SnmpError },
    );
    for (const secret of [access.password, access.privacy])
      t.false(thrown?.message.includes(secret));
  }
});

test('SnmpClient version 3: a switch that restarts within a conversation is asked anew', async (t) => {
  const port = await freePort();
  const first = await emulateSwitch({ access: v3, portCount: 2, port, name: 'before' });
  await withSnmp(
    target(first.port, { version: '3', ...v3 }),
    async (client) => {
      await client.get([NAME]);
      await first[Symbol.asyncDispose]();
      await using again = await emulateSwitch({
        access: v3,
        portCount: 2,
        port,
        name: 'after',
      });
      const [name] = await client.get([NAME]);
      t.is(Buffer.from(name as Uint8Array).toString(), 'after');
      t.true(again.questions() > 0);
    },
    QUICK,
  );
});

test('SnmpClient a walk without end ends', async (t) => {
  await using sw = await emulateSwitch({ access: { community: 'lab' }, portCount: 2 });
  sw.fail('endless');
  const access = { version: '2c', community: 'lab' } as const;
  await t.throwsAsync(
    withSnmp(target(sw.port, access), (client) => client.walk('1.3.6.1.2.1.17.7.1.2.2.1.2')),
    { message: /one table has more than 20000 rows|it takes longer than 20 s/ },
  );
});

/** Answers each datagram with what `answer` makes of it. */
async function responder(answer: (question: Buffer) => Buffer) {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (question, { port, address }) =>
    socket.send(answer(question), port, address),
  );
  return { port: socket.address().port, [Symbol.dispose]: () => socket.close() };
}

test('SnmpClient what is no SNMP is no answer, and ends nothing else', async (t) => {
  const access = { version: '2c', community: 'lab' } as const;
  const answers: ((question: Buffer) => Buffer)[] = [
    () => Buffer.from('nonsense'),
    () => Buffer.alloc(0),
    (question) => question.subarray(0, -3),
    // The question itself, which is no answer.
    (question) => question,
    () => Buffer.from('3084ffffffff020101', 'hex'),
  ];
  for (const answer of answers) {
    using server = await responder(answer);
    await t.throwsAsync(
      withSnmp(target(server.port, access), (client) => client.get([NAME]), QUICK),
      { instanceOf: SnmpError },
    );
  }
});

test('SnmpClient an answer that goes back in the order of objects ends the walk with an error', async (t) => {
  await using sw = await emulateSwitch({ access: { community: 'lab' }, portCount: 4 });
  // Each question for what follows is answered as if it had been for the beginning.
  const inner = createSocket('udp4').bind(0, '127.0.0.1');
  await once(inner, 'listening');
  const outer = createSocket('udp4').bind(0, '127.0.0.1');
  await once(outer, 'listening');
  let first: Buffer | undefined;
  let asker = 0;
  outer.on('message', (question, from) => {
    asker = from.port;
    first ??= question;
    const repeated = Buffer.from(first);
    // The number of the request is what differs.
    const id = idOf(question);
    if (id !== undefined && question.length >= first.length) id.copy(repeated, positionOfId(first));
    inner.send(repeated, sw.port, '127.0.0.1');
  });
  inner.on('message', (answer) => outer.send(answer, asker, '127.0.0.1'));
  try {
    const access = { version: '2c', community: 'lab' } as const;
    await t.throwsAsync(
      withSnmp(target(outer.address().port, access), (client) => client.walk('1.3.6.1.2.1'), QUICK),
      { instanceOf: SnmpError },
    );
  } finally {
    inner.close();
    outer.close();
  }
});

/** Where the value of the request's number is: behind version, community and the head of the PDU. */
function positionOfId(message: Buffer): number {
  const pdu = message.indexOf(0xa5);
  return pdu + 4;
}

function idOf(message: Buffer): Buffer | undefined {
  const at = positionOfId(message);
  return message.subarray(at, at + (message[at - 1] ?? 0));
}
