import test from 'ava';
import { type Quirk, quirks, replyDelayMs } from '../../../agent/boot/quirks.ts';
import { dhcpRequest } from '../../support/dhcp-packets.ts';

const rom = { vendorClass: 'PXEClient:Arch:00000:UNDI:002001' };

test('replyDelayMs() is that of the boot ROM of a Raspberry Pi 3', (t) => {
  t.is(replyDelayMs(dhcpRequest(rom, { chaddr: 'b8:27:eb:f2:67:82' })), 2000);
});

test('replyDelayMs() is 0 for a PC with the same vendor class, and for the system of such a Pi', (t) => {
  t.is(replyDelayMs(dhcpRequest(rom, { chaddr: '52:54:00:f2:67:82' })), 0);
  t.is(replyDelayMs(dhcpRequest({}, { chaddr: 'b8:27:eb:f2:67:82' })), 0);
});

test('replyDelayMs() is the longest where several rows match', (t) => {
  const row = { name: 'a', symptom: 'b', source: 'c', matches: () => true } satisfies Quirk;
  const table = [row, { ...row, replyDelayMs: 300 }, { ...row, replyDelayMs: 200 }];
  t.is(replyDelayMs(dhcpRequest(), table), 300);
});

test('quirks says of every row what goes wrong and who saw it', (t) => {
  for (const { name, symptom, source } of quirks) t.true([name, symptom, source].every(Boolean));
});
