import test from 'ava';
import { offerTimesMs, quirks, takesOffer } from '../../../../agent/boot/dhcp/quirks.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';
import { firmwares } from '../../../../lab/firmware/firmwares.ts';

const rom = {
  vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
  parameterRequestList: [43, 60, 67, 128, 129, 130, 131, 132, 133, 134, 135, 66],
};
const { parameterRequestList: _list, ...pc } = rom;

test('offerTimesMs() has several for the boot ROM of a Raspberry Pi 3, whatever its MAC', (t) => {
  t.deepEqual(offerTimesMs(dhcpRequest(rom, { chaddr: '88:a2:9e:f2:67:82' })), [400, 1200, 2000]);
});

test('offerTimesMs() is at once for a PC of the same class, for one with a Pi’s MAC, and for the system of a Pi', (t) => {
  t.deepEqual(offerTimesMs(dhcpRequest(pc)), [0]);
  t.deepEqual(offerTimesMs(dhcpRequest(pc, { chaddr: 'b8:27:eb:f2:67:82' })), [0]);
  t.deepEqual(offerTimesMs(dhcpRequest({}, { chaddr: 'b8:27:eb:f2:67:82' })), [0]);
});

test('takesOffer() is so of the ROM, and of no PC', (t) => {
  t.true(takesOffer(dhcpRequest(rom)));
  t.false(takesOffer(dhcpRequest(pc)));
});

test('quirks has a sequence of packets for every row', (t) => {
  for (const { fixture, name } of quirks) t.true(Object.hasOwn(firmwares, fixture), name);
});

test('quirks says of every row what goes wrong and who saw it', (t) => {
  for (const { name, symptom, source } of quirks) t.true([name, symptom, source].every(Boolean));
});
