import test from 'ava';
import { readClientMessage } from '../../../../agent/protocol/dhcp/client-message.ts';
import { decodeDhcp } from '../../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../../agent/protocol/dhcp/encode.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';

const TYPES = ['discover', 'request', 'decline', 'release', 'inform'] as const;

for (const messageType of TYPES) {
  test(`readClientMessage() says the same of a ${messageType} as the decoder`, (t) => {
    const head = { chaddr: '52:54:00:f2:67:82', xid: 0xfedcba98 };
    const bytes = encodeDhcp(dhcpRequest({ messageType, hostName: 'a' }, head));
    const { chaddr, xid, options } = decodeDhcp(bytes);
    const said = { chaddr, xid, options: { messageType: options.messageType } };
    t.deepEqual(readClientMessage(bytes), said as never);
  });
}

test('readClientMessage() leaves to the decoder what is not as most send it, and what is cut', (t) => {
  const bytes = encodeDhcp(dhcpRequest({ messageType: 'request' }));
  const changed = (at: number, ...values: number[]) => {
    const other = bytes.slice();
    other.set(values, at);
    return readClientMessage(other);
  };
  t.not(readClientMessage(bytes), undefined);
  t.is(changed(0, 2), undefined);
  t.is(changed(2, 8), undefined);
  t.is(changed(236, 0), undefined);
  t.is(changed(240, 0, 53, 1, 3, 255), undefined);
  t.is(changed(242, 9), undefined);
  for (let length = 0; length < 243; length += 1) {
    t.is(readClientMessage(bytes.subarray(0, length)), undefined);
  }
});

test('readClientMessage() takes the first of two types, as the decoder does', (t) => {
  const bytes = encodeDhcp(dhcpRequest({ messageType: 'request' }));
  bytes.set([53, 1, 3, 53, 1, 7, 255], 240);
  t.is(readClientMessage(bytes)?.options.messageType, 'request');
  t.is(decodeDhcp(bytes).options.messageType, 'request');
});
