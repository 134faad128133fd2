import test from 'ava';
import { openDatagramBatches } from '../../../../agent/net/ffi/datagram-batches.ts';
import { decodeDhcp } from '../../../../agent/protocol/dhcp/decode.ts';
import { practise, startPractice } from '../../../../agent/start/dhcp/practice.ts';

const network = {
  address: '10.0.0.1',
  netmask: '255.255.255.0',
  broadcast: '10.0.0.255',
  domain: 'walt',
  leaseSeconds: 600,
};

for (const way of ['many datagrams with one call', 'one with each call']) {
  test(`practise() gives machines that do not exist leases of their own, by OFFER and ACK, and the same again: ${way}`, async (t) => {
    const batches = way.startsWith('many') ? await openDatagramBatches() : undefined;
    const answers: Uint8Array[] = [];
    const onAnswer = (bytes: Uint8Array) => void answers.push(bytes);
    const options = { network, afterMs: 0, machines: 16, batches, onAnswer };
    await practise(options, new Promise<never>(() => undefined));
    const said = answers.map((bytes) => decodeDhcp(bytes));
    const acks = said.filter(({ options: { messageType } }) => messageType === 'ack');
    t.is(said.filter(({ options: { messageType } }) => messageType === 'offer').length, 32);
    t.is(acks.length, 32);
    t.is(new Set(acks.map(({ chaddr, yiaddr }) => `${chaddr} ${yiaddr}`)).size, 16);
    t.true(acks.every(({ yiaddr }) => yiaddr.startsWith('198.18.')));
  });
}

test('practise() fails, and nothing else does, where an answer cannot be made', async (t) => {
  const batches = await openDatagramBatches();
  const unsaid = { ...network, netmask: 'none' };
  const options = { network: unsaid, afterMs: 0, machines: 16, batches };
  await t.throwsAsync(practise(options, new Promise<never>(() => undefined)));
});

test('practice that has hardly begun ends at once when the server does', async (t) => {
  const stop = startPractice({ network, afterMs: 600_000 });
  await t.notThrowsAsync(stop());
});
