import test from 'ava';
import { grantReply } from '../../../../agent/boot/dhcp/dhcp-reply.ts';
import { proxyOffer } from '../../../../agent/boot/dhcp/proxy-reply.ts';
import { bootFileFor, pxeOfferFor, pxeOffers } from '../../../../agent/boot/pxe/pxe-offer.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest, rawUserClass } from '../../../../lab/clients/dhcp-packets.ts';

const pxe = { url: 'http://192.168.152.1/pxe' };
const network = {
  address: '192.168.152.1',
  netmask: '255.255.255.0',
  broadcast: '192.168.152.255',
  domain: 'walt',
  leaseSeconds: 1000,
  pxe,
};

function firmware(vendorClass: string, architecture: number): DhcpPacket['options'] {
  const number = String(architecture).padStart(5, '0');
  return {
    vendorClass: `${vendorClass}:Arch:${number}:UNDI:003016`,
    clientArchitecture: [architecture],
  };
}

const cases: readonly (readonly [string, DhcpPacket['options'], string | undefined])[] = [
  ['BIOS', firmware('PXEClient', 0), 'undionly.kpxe'],
  ['UEFI ia32', firmware('PXEClient', 6), 'bootia32.efi'],
  ['UEFI x64', firmware('PXEClient', 7), 'shimx64.efi'],
  ['UEFI x64 that calls itself 9', firmware('PXEClient', 9), 'shimx64.efi'],
  ['UEFI arm64', firmware('PXEClient', 11), 'shimaa64.efi'],
  ['HTTP boot of ia32', firmware('HTTPClient', 15), 'http://192.168.152.1/pxe/bootia32.efi'],
  ['HTTP boot of x64', firmware('HTTPClient', 16), 'http://192.168.152.1/pxe/shimx64.efi'],
  ['HTTP boot of arm64', firmware('HTTPClient', 19), 'http://192.168.152.1/pxe/shimaa64.efi'],
  ["a card's iPXE", { ...firmware('PXEClient', 0), ...rawUserClass('iPXE') }, 'pc.ipxe'],
  ["a card's iPXE under UEFI", { ...firmware('PXEClient', 7), ...rawUserClass('iPXE') }, 'pc.ipxe'],
  [
    "an ARM machine's iPXE",
    { ...firmware('PXEClient', 11), ...rawUserClass('iPXE') },
    'autoexec.ipxe',
  ],
  [
    'firmware without option 93',
    { vendorClass: 'PXEClient:Arch:00007:UNDI:003016' },
    'shimx64.efi',
  ],
  [
    'our own boot loader',
    { ...firmware('PXEClient', 0), ...rawUserClass('walt.node.pc-x86-64') },
    undefined,
  ],
  ['a board whose vendor class is ours', { vendorClass: 'walt.node.rpi-3-b' }, undefined],
  ['an operating system', { vendorClass: 'udhcp 1.35.0' }, undefined],
  ['nobody in particular', {}, undefined],
  ['an architecture that no row has', firmware('PXEClient', 27), undefined],
  ['BIOS HTTP boot, which does not exist', firmware('HTTPClient', 0), undefined],
];

for (const [who, options, file] of cases) {
  test(`bootFileFor() offers ${who} ${file ?? 'nothing'}`, (t) => {
    t.is(bootFileFor(dhcpRequest(options), pxe), file);
    t.is(bootFileFor(dhcpRequest(options), undefined), undefined);
  });
}

test('pxeOffers has no row that none of the cases reaches', (t) => {
  const reached = cases.map(([, options]) => pxeOfferFor(dhcpRequest(options))?.name);
  for (const { name } of pxeOffers) t.true(reached.includes(name), name);
});

test('grantReply() puts the boot file into its field, and into the option where it is asked for', (t) => {
  const bios = firmware('PXEClient', 0);
  for (const type of ['offer', 'ack'] as const) {
    const { packet } = grantReply(dhcpRequest(bios), type, { ip: '192.168.152.7' }, network);
    t.is(packet.file, 'undionly.kpxe');
    t.is(packet.options.bootFileName, undefined);
  }
  const asking = { ...firmware('HTTPClient', 16), parameterRequestList: [1, 3, 60, 67] };
  const { packet } = grantReply(dhcpRequest(asking), 'offer', { ip: '192.168.152.7' }, network);
  t.is(packet.options.bootFileName, 'http://192.168.152.1/pxe/shimx64.efi');
  t.is(packet.options.vendorClass, 'HTTPClient');
});

test('grantReply() names no boot file where there is no PXE tree', (t) => {
  const { pxe: _, ...bare } = network;
  const request = dhcpRequest(firmware('PXEClient', 7));
  t.is(grantReply(request, 'offer', { ip: '192.168.152.7' }, bare).packet.file, '');
});

test('proxyOffer() names the same boot file beside another server', (t) => {
  const { packet } = proxyOffer(dhcpRequest(firmware('PXEClient', 7)), network);
  t.like(packet, { file: 'shimx64.efi', yiaddr: '0.0.0.0' });
  t.is(packet.options.bootFileName, 'shimx64.efi');
  const http = proxyOffer(dhcpRequest(firmware('HTTPClient', 16)), network).packet;
  t.like(http, { file: 'http://192.168.152.1/pxe/shimx64.efi' });
  t.is(http.options.vendorClass, 'HTTPClient');
});
