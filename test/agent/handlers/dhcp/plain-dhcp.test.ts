// Plain messages are answered as the handler of all others answers them: the same script is played to both.
import test from 'ava';
import type { ServerEvent } from '../../../../agent/events/event.ts';
import { onDhcp } from '../../../../agent/handlers/dhcp/on-dhcp.ts';
import { PlainDhcp } from '../../../../agent/handlers/dhcp/plain-dhcp.ts';
import { decodeDhcp } from '../../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import type { DhcpReplies } from '../../../../agent/protocol/dhcp/replies.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';
import { openDhcp } from '../../../support/dhcp/handler.ts';

type Dhcp = Omit<Awaited<ReturnType<typeof openDhcp>>, 'ask'>;
type Options = DhcpPacket['options'];

const SERVER = '192.168.152.1';
const nowhere = { address: '0.0.0.0', port: 68 };

/** What a machine says, but for its type and what it was offered. */
const MACHINES: Readonly<Record<string, Options>> = {
  'a system': { parameterRequestList: [1, 3, 6, 12, 15, 51, 54, 42] },
  'a system that names itself': {
    hostName: 'bench-7',
    parameterRequestList: [12, 1],
    clientIdentifier: Uint8Array.of(1, 2, 0, 0, 0, 0, 7),
  },
  'a system that wants a short lease': { leaseTime: 90 },
  'a PC with PXE': {
    vendorClass: 'PXEClient:Arch:00007:UNDI:003016',
    clientArchitecture: [7],
    clientInterface: Uint8Array.of(1, 3, 16),
    clientUuid: Uint8Array.of(0, ...new Uint8Array(16).fill(7)),
    parameterRequestList: [1, 3, 43, 54, 60, 66, 67, 97, 128],
    maxMessageSize: 1472,
  },
  'an iPXE': {
    vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    userClass: { form: 'raw', values: ['iPXE'] },
    parameterRequestList: [1, 3, 6, 7, 12, 66, 67, 175],
    ipxe: Uint8Array.of(1, 1, 1),
  },
};

/** Answers as the server does: what the one does not take is for the other. */
function openPlain(dhcp: Dhcp) {
  const { publish } = dhcp;
  const { doubleBoots: _none, ...context } = dhcp.context;
  const sent: Buffer[] = [];
  const failures: unknown[] = [];
  const answers: string[] = [];
  const plain = new PlainDhcp(context, {
    ...{ publish, publishSoon: (make) => publish(make()) },
    onAnswer: ({ message, answer }) => answers.push(`${message} ${answer}`),
  });
  plain.open({
    send: (replies: DhcpReplies) => {
      for (let at = 0; at < replies.count; at += 1) sent.push(Buffer.from(replies.bytesOf(at)));
    },
    failed: (_client, error) => failures.push(error),
    isWaiting: () => false,
  });
  const take = (packet: DhcpPacket) => {
    const bytes = Buffer.from(encodeDhcp(packet));
    return plain.take(bytes, { start: 0, end: bytes.length }, nowhere);
  };
  const settle = async () => {
    plain.end();
    await dhcp.store.flush();
    await new Promise((resolve) => setImmediate(resolve));
    return sent.splice(0);
  };
  const ask = async (packet: DhcpPacket) => {
    const isTaken = take(packet);
    const [bytes] = await settle();
    return { isTaken, bytes };
  };
  return { ...dhcp, plain, take, settle, ask, sent, failures, answers };
}

async function askSlow({ context, publish }: Dhcp, packet: DhcpPacket) {
  const { reply, events } = await onDhcp(packet, context);
  publish(events);
  return reply && Buffer.from(encodeDhcp(reply.packet, reply.encoding));
}

/** A machine asks twice for its address: when it is new, and when it is known. */
function scriptOf(options: Options, mac: string): DhcpPacket[] {
  const fields = { chaddr: mac, flags: 0x8000, xid: 0x10203040 };
  const selected = { serverIdentifier: SERVER, requestedAddress: '192.168.152.2' };
  const discover = dhcpRequest(options, fields);
  const request = dhcpRequest({ ...options, messageType: 'request', ...selected }, fields);
  return [discover, discover, request, discover, { ...request, xid: 5 }];
}

function told(dhcp: Dhcp): ServerEvent[] {
  const all: ServerEvent[] = [];
  const kinds = [
    'device-changed',
    'new-device',
    'new-node',
    'signal',
    'boot',
    'forgotten',
  ] as const;
  dhcp.publisher.on('test', kinds, (event) => void all.push(event));
  return all;
}

/** Clocks that count their looks are looked at as often as one asks. */
function timeless(value: unknown): unknown {
  const times = ['firstSeen', 'leaseUntil'];
  return JSON.parse(JSON.stringify(value, (key, one) => (times.includes(key) ? 0 : one)));
}

for (const [what, options] of Object.entries(MACHINES)) {
  test(`PlainDhcp answers ${what} byte for byte as the handler of all others, and tells the same`, async (t) => {
    const [one, other] = [openPlain(await openDhcp()), await openDhcp()];
    const [toldByOne, toldByOther] = [told(one), told(other)];
    for (const packet of scriptOf(options, '02:00:00:00:00:07')) {
      const { isTaken, bytes } = await one.ask(packet);
      const expected = await askSlow(other, packet);
      t.true(isTaken);
      t.deepEqual(bytes && decodeDhcp(bytes), expected && decodeDhcp(expected));
      t.deepEqual(bytes, expected);
    }
    t.deepEqual(timeless(one.registry.all()), timeless(other.registry.all()));
    t.is(one.registry.size, 1);
    t.deepEqual(timeless(toldByOne), timeless(toldByOther));
    t.deepEqual(one.printed, other.printed);
  });
}

const UNUSUAL: Readonly<Record<string, Options>> = {
  'a loader of ours': { userClass: { form: 'raw', values: ['walt.node.pc-x86-64'] } },
  'a Raspberry Pi': {
    vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    parameterRequestList: [1, 3, 43, 60, 66, 67, 128, 129, 130, 131, 132, 133, 134, 135],
  },
  'a name in another form': { clientFqdn: Uint8Array.of(0, 0, 0, 97) },
  'an identifier that may be that of a Raspberry Pi': {
    vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    clientUuid: Uint8Array.of(0, ...new Uint8Array(16).fill(0x44)),
  },
  'an address of another server': { messageType: 'request', serverIdentifier: '192.168.152.77' },
  'an address that it was not offered': {
    ...{ messageType: 'request', serverIdentifier: SERVER },
    requestedAddress: '192.168.152.200',
  },
};

for (const [what, options] of Object.entries(UNUSUAL)) {
  test(`PlainDhcp leaves to the handler of all others: ${what}`, async (t) => {
    const { ask, registry } = openPlain(await openDhcp());
    const { isTaken, bytes } = await ask(dhcpRequest(options));
    t.false(isTaken);
    t.is(bytes, undefined);
    t.is(registry.size, 0);
  });
}

test('PlainDhcp writes what came together with one write, and sends no ACK before', async (t) => {
  const dhcp = await openDhcp();
  const { take, plain, settle, registry, writes, failures } = openPlain(dhcp);
  const macs = Array.from({ length: 40 }, (_, at) => `02:00:00:00:01:${String(at + 10)}`);
  for (const chaddr of macs) t.true(take(dhcpRequest({}, { chaddr })));
  const offers = (await settle()).map((bytes) => decodeDhcp(bytes));
  const requests = offers.map(({ chaddr, yiaddr: requestedAddress }) =>
    dhcpRequest({ messageType: 'request', serverIdentifier: SERVER, requestedAddress }, { chaddr }),
  );
  for (const packet of requests) t.true(take(packet));
  t.is(writes.waiting, 0);
  plain.end();
  t.is(writes.waiting, 1);
  const acks = (await settle()).map((bytes) => decodeDhcp(bytes));
  t.is(acks.length, 40);
  t.true(acks.every(({ options }) => options.messageType === 'ack'));
  t.is(new Set(acks.map(({ yiaddr }) => yiaddr)).size, 40);
  const rows = await dhcp.database.selectFrom('devices').select(['mac', 'ip']).execute();
  t.deepEqual(
    new Map(rows.map(({ mac, ip }) => [mac, ip])),
    new Map(acks.map(({ chaddr, yiaddr }) => [chaddr, yiaddr])),
  );
  t.is(registry.size, 40);
  t.deepEqual(failures, []);
});

/** Machines that were offered an address, and what they ask for next. */
async function offered(count: number) {
  const dhcp = openPlain(await openDhcp());
  for (let at = 0; at < count; at += 1) {
    dhcp.take(dhcpRequest({}, { chaddr: `02:00:00:00:01:${String(at + 10)}` }));
  }
  const offers = (await dhcp.settle()).map((bytes) => decodeDhcp(bytes));
  const requests = offers.map(({ chaddr, yiaddr: requestedAddress }) =>
    dhcpRequest({ messageType: 'request', serverIdentifier: SERVER, requestedAddress }, { chaddr }),
  );
  return { ...dhcp, requests };
}

test('PlainDhcp lets ACKs wait while more is about to come, so that all share a write', async (t) => {
  const { take, plain, settle, writes, requests } = await offered(40);
  for (const packet of requests.slice(0, 10)) t.true(take(packet));
  plain.end();
  t.is(writes.waiting, 0);
  for (const packet of requests.slice(10)) t.true(take(packet));
  plain.end();
  t.is(writes.waiting, 1);
  t.is((await settle()).length, 40);
});

test('PlainDhcp waits for nobody who is slow', async (t) => {
  const { take, plain, sent, requests } = await offered(40);
  const [request] = requests as [DhcpPacket, ...DhcpPacket[]];
  t.true(take(request));
  plain.end();
  t.is(sent.length, 0);
  while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve));
  t.is(decodeDhcp(sent[0] ?? Buffer.alloc(0)).chaddr, request.chaddr);
});

test('PlainDhcp writes what waits before anything else of that device is written', async (t) => {
  const { take, plain, registry, database, requests } = await offered(40);
  const [request] = requests as [DhcpPacket, ...DhcpPacket[]];
  const { chaddr } = request;
  t.true(take(request));
  plain.end();
  await registry.change(chaddr, (device) => device && { ...device, name: 'bench-1' });
  const rows = await database.selectFrom('devices').select(['mac', 'name']).execute();
  t.deepEqual(rows, [{ mac: chaddr, name: 'bench-1' }]);
});

test('PlainDhcp writes what waits when it is closed, and tells what follows from it', async (t) => {
  const dhcp = await offered(40);
  const { take, plain, database, requests } = dhcp;
  const all = told(dhcp);
  t.true(take(requests[0] as DhcpPacket));
  plain.end();
  await plain.close();
  t.true(all.some(({ kind }) => kind === 'new-device'));
  t.is((await database.selectFrom('devices').select('mac').execute()).length, 1);
});

test('PlainDhcp drops a copy of what is about to be answered, and gives one name to one machine', async (t) => {
  const { take, settle, registry } = openPlain(await openDhcp());
  const [first, second] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
  const named = { hostName: 'clone' };
  for (const chaddr of [first, second]) take(dhcpRequest(named, { chaddr }));
  const offers = (await settle()).map((bytes) => decodeDhcp(bytes));
  const requests = offers.map(({ chaddr, yiaddr: requestedAddress }) =>
    dhcpRequest({ ...named, messageType: 'request', requestedAddress }, { chaddr }),
  );
  for (const packet of [...requests, ...requests]) t.true(take(packet));
  t.is((await settle()).length, 2);
  t.deepEqual(
    registry.all().map(({ name }) => name),
    ['clone', 'unknown-000002'],
  );
});

test('PlainDhcp grants nothing when the disk refuses, and leaves those clients to the handler of all others', async (t) => {
  const dhcp = await openDhcp();
  const { ask, failures, registry } = openPlain(dhcp);
  const [discover, , request] = scriptOf({}, '02:00:00:00:00:07');
  await ask(discover as DhcpPacket);
  await dhcp.database.schema.dropTable('devices').execute();
  const { isTaken, bytes } = await ask(request as DhcpPacket);
  t.true(isTaken);
  t.is(bytes, undefined);
  t.is(failures.length, 1);
  t.is(registry.size, 0);
  t.false((await ask(request as DhcpPacket)).isTaken);
});

test('PlainDhcp leaves an address alone that has another holder', async (t) => {
  const { ask, registry } = openPlain(await openDhcp());
  const [discover, , request] = scriptOf({}, '02:00:00:00:00:07');
  await ask(discover as DhcpPacket);
  const holder = { name: 'holder', type: 'unknown', firstSeen: 1, ip: '192.168.152.2' } as const;
  await registry.change(
    '02:00:00:00:00:99',
    (before) => before ?? { mac: '02:00:00:00:00:99', ...holder },
  );
  t.false((await ask(request as DhcpPacket)).isTaken);
});

test('a client whose own options fit no reply is left to the handler, and says nothing of others of its kind', async (t) => {
  const { maxMessageSize: _none, ...pc } = MACHINES['a PC with PXE'] ?? {};
  const others = await openDhcp();
  for (const length of [150, 255]) {
    const { take, ask } = openPlain(await openDhcp());
    const own = {
      clientIdentifier: new Uint8Array(length).fill(9),
      clientUuid: new Uint8Array(length).fill(7),
    };
    const odd = dhcpRequest(
      { ...pc, ...own, messageType: 'discover' },
      { chaddr: '02:00:00:00:00:09' },
    );
    t.false(take(odd), `${length} bytes each`);
    const next = dhcpRequest({ ...pc, messageType: 'discover' }, { chaddr: '02:00:00:00:00:01' });
    const { isTaken, bytes } = await ask(next);
    t.true(isTaken);
    const expected = await askSlow(others, next);
    t.deepEqual(bytes && decodeDhcp(bytes).options, expected && decodeDhcp(expected).options);
  }
});
