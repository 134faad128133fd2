import test from 'ava';
import { readBootRequest } from '../../../agent/boot/request.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest, rawUserClass } from '../../../lab/clients/dhcp-packets.ts';

const mac = '52:54:00:f2:67:82';

const cases: readonly {
  readonly title: string;
  readonly options: DhcpPacket['options'];
  readonly speaker: string;
  readonly model?: string;
}[] = [
  {
    title: "takes the model from iPXE's bare user class",
    options: {
      ...rawUserClass('walt.node.pc-x86-64'),
      vendorClass: 'PXEClient:Arch:00000:UNDI:002001',
    },
    speaker: 'walt-loader',
    model: 'pc-x86-64',
  },
  {
    title: 'takes the model from a user class in RFC 3004 form',
    options: { userClass: { form: 'list', values: ['other', 'walt.node.rpi-4-b'] } },
    speaker: 'walt-loader',
    model: 'rpi-4-b',
  },
  {
    title: 'takes the model from a vendor class',
    options: { vendorClass: 'walt.node.rpi-3-b-plus' },
    speaker: 'walt-loader',
    model: 'rpi-3-b-plus',
  },
  {
    title: 'knows the firmware of a PC',
    options: { vendorClass: 'PXEClient:Arch:00007:UNDI:003016' },
    speaker: 'pxe',
  },
  {
    title: 'knows UEFI HTTP boot',
    options: { vendorClass: 'HTTPClient:Arch:00016:UNDI:003001' },
    speaker: 'pxe',
  },
  {
    title: 'takes anything else for a system',
    options: { vendorClass: 'udhcp 1.35.0' },
    speaker: 'system',
  },
  { title: 'ignores an empty model', options: rawUserClass('walt.node.'), speaker: 'system' },
  {
    title: 'ignores a model that would lead out of a folder',
    options: rawUserClass('walt.node.../../etc'),
    speaker: 'system',
  },
  ...['a..b', 'a.-b', 'a.', 'b-', 'a\x1b[2J', 'a\n', 'x'.repeat(64)].map((model) => ({
    title: `ignores model ${JSON.stringify(model)}, of which no image can be named`,
    options: rawUserClass(`walt.node.${model}`),
    speaker: 'system',
  })),
];

for (const { title, options, speaker, model } of cases) {
  test(`readBootRequest() ${title}`, (t) => {
    const expected = model === undefined ? { mac, speaker } : { mac, speaker, model };
    t.deepEqual(readBootRequest(dhcpRequest(options)), expected as never);
  });
}
