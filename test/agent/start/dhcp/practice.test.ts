import test from 'ava';
import { decodeDhcp } from '../../../../agent/protocol/dhcp/decode.ts';
import { practise, startPractice } from '../../../../agent/start/dhcp/practice.ts';

const network = {
  address: '10.0.0.1',
  netmask: '255.255.255.0',
  broadcast: '10.0.0.255',
  domain: 'walt',
  leaseSeconds: 600,
};

test('practise() gives machines that do not exist leases of their own, by OFFER and ACK, and the same again', async (t) => {
  const answers: Uint8Array[] = [];
  const onAnswer = (bytes: Uint8Array) => void answers.push(bytes);
  const options = { network, afterMs: 0, machines: 8, onAnswer };
  await practise(options, new Promise<never>(() => undefined));
  const said = answers.map((bytes) => decodeDhcp(bytes));
  const acks = said.filter(({ options: { messageType } }) => messageType === 'ack');
  t.is(said.filter(({ options: { messageType } }) => messageType === 'offer').length, 16);
  t.is(acks.length, 16);
  t.is(new Set(acks.map(({ yiaddr }) => yiaddr)).size, 8);
  t.true(acks.every(({ yiaddr }) => yiaddr.startsWith('198.18.')));
});

test('practice that has hardly begun ends at once when the server does', async (t) => {
  const stop = startPractice({ network, afterMs: 600_000 });
  await t.notThrowsAsync(stop());
});
