import dgram from 'node:dgram';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { openDatagramBatches } from '../../../../agent/net/ffi/datagram-batches.ts';
import type { ClientFrame } from '../../../../agent/net/ffi/frames/client-frames.ts';
import { placeKey, Sender } from '../../../../agent/net/ffi/place.ts';
import { openUdpPort, type UdpPort } from '../../../../agent/net/udp/udp-port.ts';
import { DatagramHead } from '../../../../agent/protocol/ethernet/datagram-head.ts';

type Heard = { readonly bytes: Buffer; readonly from: { address: string; port: number } };

const here = '127.0.0.1';

async function open(t: ExecutionContext, hasCalls: boolean, take?: (heard: Heard) => void) {
  const batches = hasCalls ? await openDatagramBatches() : undefined;
  if (hasCalls) t.truthy(batches, 'koffi has to be there where this is tested');
  const heard: Heard[] = [];
  const port: UdpPort = await openUdpPort(
    { address: here, port: 0 },
    {
      batches,
      onDatagram: (bytes, from) => {
        heard.push({ bytes, from });
        take?.({ bytes, from });
      },
      onError: (error) => t.fail(error.message),
    },
  );
  t.teardown(() => port.close());
  return { port, heard };
}

async function otherEnd(t: ExecutionContext) {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, here);
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  const heard: Buffer[] = [];
  socket.on('message', (bytes) => heard.push(bytes));
  const until = async (count: number) => {
    while (heard.length < count) await once(socket, 'message');
  };
  return { socket, heard, until, place: { address: here, port: socket.address().port } };
}

test('UdpPort sends as datagrams what no frame takes, behind what frames took', async (t) => {
  const { socket, heard, place, until } = await otherEnd(t);
  const way = { head: new DatagramHead(place, place), name: Buffer.alloc(20), nameAt: 1 };
  const framed: number[] = [];
  const frames = {
    send: (given: readonly ClientFrame[]) => {
      const taken = given.slice(0, 2);
      framed.push(...taken.map(({ bytes }) => bytes[0] ?? -1));
      return taken.length;
    },
  };
  const port = await openUdpPort(
    { address: here, port: 0 },
    { batches: await openDatagramBatches(), frames, onDatagram: () => {}, onError: () => {} },
  );
  t.teardown(() => port.close());
  t.not(socket.address().port, port.port);
  for (let at = 0; at < 5; at += 1) port.sendFramed(Buffer.alloc(600, at), place, way);
  port.send(Buffer.alloc(600, 5), place);
  await until(4);
  t.deepEqual(framed, [0, 1]);
  t.deepEqual(heard.map((bytes) => bytes[0]).toSorted(), [2, 3, 4, 5]);
  t.true(heard.every(({ length }) => length === 600));
});

for (const hasCalls of [true, false]) {
  const way = hasCalls ? 'by batches' : 'by Node alone';

  test(`UdpPort ${way}: an error of who takes a datagram is told, and the next one is taken`, async (t) => {
    const errors: string[] = [];
    const heard: string[] = [];
    const refuse = (what: string, bytes: Buffer) => {
      if (bytes.toString().startsWith(what)) throw new Error(`cannot take ${what}`);
    };
    const port = await openUdpPort(
      { address: here, port: 0 },
      {
        batches: hasCalls ? await openDatagramBatches() : undefined,
        peek: (memory, { start, end }) => {
          refuse('peek', memory.subarray(start, end));
          return false;
        },
        onDatagram: (bytes) => {
          heard.push(bytes.toString());
          refuse('take', bytes);
        },
        onTaken: () => {
          throw new Error('cannot answer');
        },
        onError: (error) => errors.push(error.message),
      },
    );
    t.teardown(() => port.close());
    const { socket } = await otherEnd(t);
    const said = Array.from({ length: 20 }, (_, at) => `${['peek', 'take', 'plain'][at % 3]}${at}`);
    for (const text of said) socket.send(text, port.port, here);
    while (heard.length < said.length) await new Promise((resolve) => setTimeout(resolve, 5));
    t.deepEqual(heard, said);
    t.deepEqual([...new Set(errors)].toSorted(), [
      'cannot answer',
      'cannot take peek',
      'cannot take take',
    ]);
    t.is(errors.filter((text) => text === 'cannot take take').length, 7);
  });

  test(`UdpPort ${way}: takes each of many datagrams once, whole, with who sent it`, async (t) => {
    const { port, heard } = await open(t, hasCalls);
    const { socket, place } = await otherEnd(t);
    const lengths = Array.from({ length: 150 }, (_, at) => at * 3);
    for (const [at, length] of lengths.entries())
      socket.send(Buffer.alloc(length, at), port.port, here);
    while (heard.length < lengths.length) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const [at, { bytes, from }] of heard.entries()) {
      t.deepEqual(bytes, Buffer.alloc(lengths[at] ?? -1, at));
      t.deepEqual(from, place);
    }
  });

  test(`UdpPort ${way}: sends each datagram of a turn, long ones too`, async (t) => {
    const { port } = await open(t, hasCalls);
    const { heard, place, until } = await otherEnd(t);
    for (let at = 0; at < 150; at += 1) port.send(Buffer.alloc(at + 1, at), place);
    port.send(Buffer.alloc(9000, 7), place);
    await until(151);
    const lengths = heard.map(({ length }) => length).toSorted((a, b) => a - b);
    t.deepEqual(lengths, [...Array.from({ length: 150 }, (_, at) => at + 1), 9000]);
  });

  for (const [title, stride, count, last] of [
    ['a window', 1432, 16, 1432],
    ['more than one call is cut into', 516, 300, 516],
    ['an end that is short', 1432, 5, 4],
    ['datagrams larger than a packet', 4100, 20, 17],
    ['one', 516, 1, 300],
  ] as const) {
    test(`UdpPort ${way}: sends ${title} in a row, each as it is`, async (t) => {
      const { port } = await open(t, hasCalls);
      const { heard, place, until, socket } = await otherEnd(t);
      socket.setRecvBufferSize(4 << 20);
      const memory = Buffer.allocUnsafeSlow(stride * (count - 1) + last);
      for (let at = 0; at < memory.length; at += 1) memory[at] = at % 251;
      const row = Array.from({ length: count }, (_, at) =>
        memory.subarray(at * stride, (at + 1) * stride),
      );
      for (let at = 0; at < count; at += 50) {
        port.sendAll(row.slice(at, at + 50), place);
        await until(Math.min(count, at + 50));
      }
      t.is(heard.length, count);
      t.true(Buffer.concat(heard).equals(memory));
      t.is(heard.at(-1)?.length, last);
    });
  }

  test(`UdpPort ${way}: sends what lies apart in memory`, async (t) => {
    const { port } = await open(t, hasCalls);
    const { heard, place, until } = await otherEnd(t);
    port.sendAll([Buffer.from('one'), Buffer.from('another'), Buffer.alloc(0)], place);
    await until(3);
    t.deepEqual(
      heard.map((bytes) => bytes.toString()),
      ['one', 'another', ''],
    );
  });

  test(`UdpPort ${way}: says which datagram could not be sent, and sends the others`, async (t) => {
    const { port } = await open(t, hasCalls);
    const { heard, place, until } = await otherEnd(t);
    const failed = Promise.withResolvers<Error>();
    port.send(Buffer.from('before'), place);
    port.send(Buffer.from('nowhere'), { address: '255.255.255.255', port: 9 }, failed.resolve);
    port.send(Buffer.from('after'), place);
    t.regex((await failed.promise).message, /EACCES/);
    await until(2);
    t.deepEqual(heard.map((bytes) => bytes.toString()).toSorted(), ['after', 'before']);
  });

  test(`UdpPort ${way}: what was sent before its end still leaves, and nothing afterwards`, async (t) => {
    const { port } = await open(t, hasCalls);
    const { heard, place, until } = await otherEnd(t);
    port.send(Buffer.from('last'), place);
    const closed = port.close();
    port.send(Buffer.from('too late'), place);
    port.sendAll([Buffer.from('too late')], place);
    await closed;
    await until(1);
    t.deepEqual(
      heard.map((bytes) => bytes.toString()),
      ['last'],
    );
  });

  test(`openUdpPort() ${way}: says that a port is taken`, async (t) => {
    const { place } = await otherEnd(t);
    const batches = hasCalls ? await openDatagramBatches() : undefined;
    const options = { batches, onDatagram: () => undefined, onError: () => undefined };
    await t.throwsAsync(openUdpPort(place, options), { code: 'EADDRINUSE' });
  });
}

test('UdpPort.poll() takes what lies there and sends what is said to it, within the call', async (t) => {
  const said: UdpPort[] = [];
  const { port, heard } = await open(t, true, ({ bytes, from }) => said[0]?.send(bytes, from));
  said.push(port);
  const client = await open(t, true);
  t.is(port.poll(), 0);
  const datagrams = [1, 601, 1201].map((length) => Buffer.alloc(length, length));
  client.port.sendAll(datagrams, { address: here, port: port.port });
  t.is(port.poll(), 3);
  t.is(heard.length, 3);
  t.is(client.port.poll(), 3);
  t.deepEqual(
    client.heard.map(({ bytes }) => bytes),
    datagrams,
  );
});

test('UdpPort hands who sent a datagram as one number, the same by both ways', async (t) => {
  const batches = await openDatagramBatches();
  const keys: [number, string, number][] = [];
  const port = await openUdpPort(
    { address: here, port: 0 },
    {
      batches,
      peek: (_, __, from) => keys.push([from.key, from.address, from.port]) > 0,
      onDatagram: () => t.fail('peek took it'),
      onError: (error) => t.fail(error.message),
    },
  );
  t.teardown(() => port.close());
  const { socket, place } = await otherEnd(t);
  for (let at = 0; at < 40; at += 1) socket.send('', port.port, here);
  while (keys.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const key of keys) t.deepEqual(key, [placeKey(place), here, place.port]);
});

test('placeKey() is as long as an address and a port, and refuses what is no address', (t) => {
  t.is(placeKey({ address: '0.0.0.1', port: 2 }), 65_538);
  t.is(placeKey({ address: '255.255.255.255', port: 65_535 }), 2 ** 48 - 1);
  t.like(new Sender(placeKey({ address: '192.0.2.7', port: 69 })), {
    address: '192.0.2.7',
    port: 69,
  });
  for (const address of ['', '1.2.3', '::1', 'localhost']) {
    t.throws(() => placeKey({ address, port: 1 }), { instanceOf: TypeError }, address);
  }
});

test('DatagramBatches.sendRun() sends nothing that lies beyond its memory', async (t) => {
  const batches = await openDatagramBatches();
  const { place } = await otherEnd(t);
  const memory = new ArrayBuffer(100);
  for (const [offset, length] of [
    [0, 101],
    [50, 51],
    [-1, 10],
    [0, 0],
  ] as const) {
    const run = { memory, offset, length, stride: 10 };
    t.throws(() => batches?.sendRun(-1, run, place), { instanceOf: RangeError });
  }
});

test('UdpPort.pollOne() takes one datagram, and sends what is said to it within the call', async (t) => {
  const said: UdpPort[] = [];
  const { port, heard } = await open(t, true, ({ bytes, from }) => said[0]?.send(bytes, from));
  said.push(port);
  const client = await open(t, true);
  t.is(port.pollOne(), 0);
  const datagrams = [1, 601, 0].map((length) => Buffer.alloc(length, length));
  for (const bytes of datagrams) client.port.sendAll([bytes], { address: here, port: port.port });
  for (const [at] of datagrams.entries()) {
    t.is(port.pollOne(), 1);
    t.is(heard.length, at + 1);
    t.is(client.port.poll(), 1);
  }
  t.is(port.pollOne(), 0);
  t.deepEqual(
    client.heard.map(({ bytes }) => bytes),
    datagrams,
  );
});

test('UdpPort.pollOne() hears a quick client and nobody else, until the port rests', async (t) => {
  const said: UdpPort[] = [];
  const { port, heard } = await open(t, true, ({ bytes, from }) => said[0]?.send(bytes, from));
  said.push(port);
  const client = await open(t, true);
  const other = await open(t, true);
  const place = { address: here, port: port.port };
  const ask = (asker: typeof client) => asker.port.sendAll([Buffer.alloc(100)], place);
  for (let turn = 0; turn < 100; turn += 1) {
    ask(client);
    t.is(port.pollOne(), 1);
    t.is(client.port.poll(), 1, 'answered within the call');
  }
  ask(other);
  t.is(port.pollOne(), 0, 'another one waits for Node');
  t.is(port.poll(), 1);
  ask(client);
  ask(client);
  t.is(port.poll(), 0, 'the client has a socket of its own');
  port.rest();
  t.is(heard.length, 103, 'nothing that lay there is lost');
  ask(client);
  t.is(port.poll(), 1, 'whoever waits hears it again');
  t.is(client.port.poll(), 3);
  for (const { from } of heard.slice(-3)) t.is(from.port, client.port.port);
});
