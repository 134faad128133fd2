import test from 'ava';
import { DecodeError } from '../../../../agent/protocol/bytes.ts';
import {
  decodeAttributes,
  decodeMessages,
  encodeAttribute,
  encodeMessage,
} from '../../../../agent/protocol/netlink/messages.ts';
import {
  decodeCountersPiece,
  encodeCountersQuestion,
} from '../../../../agent/protocol/netlink/rule-counters.ts';

const hex = (text: string) =>
  Uint8Array.from(Buffer.from(text.replaceAll(/[^0-9a-f]/g, ''), 'hex'));
const text = (value: string) => Uint8Array.from(Buffer.from(`${value}\0`));

test('encodeCountersQuestion() asks for all rules of a table', (t) => {
  const expected = hex(
    // 32 bytes, NFT_MSG_GETRULE of nftables, NLM_F_REQUEST | NLM_F_DUMP, sequence and port
    '20000000 070a 0103 00000000 00000000' +
      // AF_INET, then attribute 1 of 9 bytes: "walt" with its zero, filled up to 12
      '02000000 0900 0100 77616c7400 000000',
  );
  t.deepEqual(encodeCountersQuestion('walt'), expected);
});

const NEW_RULE = 0x0a06;
const DONE = encodeMessage({ type: 3, flags: 2, body: Uint8Array.of(0, 0, 0, 0) });

function attribute(type: number, ...values: Uint8Array[]): Uint8Array {
  return encodeAttribute({ type, value: Buffer.concat(values) });
}

function rule(table: string, chain: string, ...expressions: Uint8Array[]): Uint8Array {
  const list = attribute(4, ...expressions.map((each) => attribute(1, each)));
  const all = [attribute(1, text(table)), attribute(2, text(chain)), list];
  const body = Buffer.concat([Uint8Array.of(2, 0, 0, 1), ...all]);
  return encodeMessage({ type: NEW_RULE, flags: 2, body });
}

function counter(bytes: string, packets: string): Uint8Array {
  const data = attribute(2, attribute(1, hex(bytes)), attribute(2, hex(packets)));
  return Buffer.concat([attribute(1, text('counter')), data]);
}

const verdict = Buffer.concat([
  attribute(1, text('immediate')),
  attribute(2, attribute(1, hex('00000001'))),
]);

test('decodeCountersPiece() takes an end with the number of an error for no list', (t) => {
  const failed = encodeMessage({ type: 3, flags: 2, body: hex('feffffff') });
  t.deepEqual(decodeCountersPiece(failed, 'walt'), { packets: [], state: 'broken' });
});

test('decodeCountersPiece() finds the packets of each chain, in the rules of our table alone', (t) => {
  const bytes = Buffer.concat([
    rule('walt', 'input', verdict),
    rule('walt', 'drop-nfs-pace', counter('00000000000003e8', '0000000200000005'), verdict),
    rule('others', 'input', counter('0000000000000001', '0000000000000001')),
  ]);
  const packets = [['drop-nfs-pace', 2 ** 33 + 5]] as const;
  t.deepEqual(decodeCountersPiece(bytes, 'walt'), { packets, state: 'more' });
  const last = Buffer.concat([bytes, DONE]);
  t.deepEqual(decodeCountersPiece(last, 'walt'), { packets, state: 'over' });
  t.deepEqual(decodeCountersPiece(DONE, 'walt'), { packets: [], state: 'over' });
});

test('decodeCountersPiece() says where the kernel refuses, or the rules change meanwhile', (t) => {
  const refused = encodeMessage({ type: 2, flags: 0, body: hex('ffffffff') });
  t.deepEqual(decodeCountersPiece(refused, 'walt'), { packets: [], state: 'broken' });
  const interrupted = encodeMessage({ type: 3, flags: 0x12, body: hex('00000000') });
  t.deepEqual(decodeCountersPiece(interrupted, 'walt'), { packets: [], state: 'broken' });
});

test('decodeCountersPiece() refuses an answer that is cut off anywhere', (t) => {
  const bytes = rule('walt', 'drop', counter('0000000000000001', '0000000000000001'));
  for (let end = 1; end < bytes.length; end += 1) {
    t.throws(() => decodeCountersPiece(bytes.subarray(0, end), 'walt'), {
      instanceOf: DecodeError,
    });
  }
  const short = rule('walt', 'drop', counter('00', '00'));
  t.throws(() => decodeCountersPiece(short, 'walt'), { instanceOf: DecodeError });
  const other = encodeMessage({ type: 77, flags: 0, body: hex('') });
  t.throws(() => decodeCountersPiece(other, 'walt'), { instanceOf: DecodeError });
});

test('messages and attributes of netlink come back as they went', (t) => {
  const message = { type: 1, flags: 2, body: hex('010203') };
  t.deepEqual(decodeMessages(encodeMessage(message)), [message]);
  const one = { type: 7, value: hex('0102030405') };
  t.deepEqual(decodeAttributes(Uint8Array.of(...encodeAttribute(one), ...encodeAttribute(one))), [
    one,
    one,
  ]);
  t.throws(() => decodeAttributes(hex('0300 0100')), { instanceOf: DecodeError });
});
