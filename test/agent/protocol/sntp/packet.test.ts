import test from 'ava';
import { DecodeError } from '../../../../agent/protocol/bytes.ts';
import { decodeSntpRequest, encodeSntpReply } from '../../../../agent/protocol/sntp/packet.ts';
import { sntpSamples } from '../../../support/bytes/boot-packets.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const QUESTION = hex(`23 00 06 ec ${'00'.repeat(36)} dd c2 9b 5f 01 02 03 04`);

test('decodeSntpRequest() reads what a client of version 4 sends', (t) => {
  t.deepEqual(decodeSntpRequest(QUESTION), {
    version: 4,
    poll: 6,
    transmit: hex('dd c2 9b 5f 01 02 03 04'),
  });
});

test('decodeSntpRequest() reads versions 1 to 4, and what has a signature', async (t) => {
  const versions = (await sntpSamples()).map((bytes) => decodeSntpRequest(bytes).version);
  t.deepEqual(versions, [1, 3, 4, 4]);
});

test('decodeSntpRequest() refuses every packet that is cut short', (t) => {
  for (let length = 0; length < QUESTION.length; length += 1) {
    t.throws(() => decodeSntpRequest(QUESTION.subarray(0, length)), { instanceOf: DecodeError });
  }
});

for (const [what, first] of [
  ['an answer', 0x24],
  ['a broadcast', 0x25],
  ['a control message', 0x16],
  ['a private message (monlist)', 0x17],
  ['version 0', 0x03],
  ['version 7', 0x3b],
] as const) {
  test(`decodeSntpRequest() refuses ${what}`, (t) => {
    t.throws(() => decodeSntpRequest(QUESTION.with(0, first)), { instanceOf: DecodeError });
  });
}

test('encodeSntpReply() has the times of the server, and that of the client as it came', (t) => {
  const request = decodeSntpRequest(QUESTION);
  // 2000-01-01 00:00:00 UTC is 0xbc17c200 seconds since 1900.
  const received = 946_684_800_500_000;
  const reply = { request, address: '192.168.152.1', received, sent: received + 250_000 };
  t.deepEqual(
    encodeSntpReply(reply),
    hex(
      '24 03 06 ec 00000000 0000028f c0a89801 bc17c200 80000000' +
        'dd c2 9b 5f 01 02 03 04 bc17c200 80000000 bc17c200 c0000000',
    ),
  );
});

test('encodeSntpReply() goes on after 2036, when the seconds begin anew', (t) => {
  const request = decodeSntpRequest(QUESTION);
  const at = Date.UTC(2036, 1, 7, 6, 28, 17) * 1000;
  const bytes = encodeSntpReply({ request, address: '192.168.152.1', received: at, sent: at });
  t.deepEqual(bytes.subarray(40, 44), hex('00 00 00 01'));
});
