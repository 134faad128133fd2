import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import test from 'ava';
import { decodeDhcp } from '../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import { dhcpOptions } from '../../../agent/protocol/dhcp/options.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { decodeTftp, encodeTftp, type TftpPacket } from '../../../agent/protocol/tftp/packet.ts';
import { readCapture } from '../../support/bytes/pcap.ts';

const folder = join(import.meta.dirname, '../../fixtures/captures');
const captures = globSync('*.pcap', { cwd: folder }).map((file) => basename(file, '.pcap'));

/** Rows of what tshark read, by column. */
async function readTable(path: string): Promise<Record<string, string>[]> {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const columns = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
  });
}

const typeNumber = (packet: DhcpPacket) => {
  const { messageType } = packet.options;
  return messageType ? String(dhcpOptions.messageType.codec.encode(messageType)[0]) : '';
};

function optionCodes({ options, unknownOptions = [] }: DhcpPacket): string {
  const named = Object.keys(options).map((name) => dhcpOptions[name as keyof typeof options].code);
  const codes = [...named, ...unknownOptions.map(({ code }) => code)];
  return codes.toSorted((left, right) => left - right).join(';');
}

const inOrder = (codes: string) =>
  codes
    .split(';')
    .map(Number)
    .filter((code) => code !== 0) // the end mark
    .toSorted((left, right) => left - right)
    .join(';');

for (const name of captures) {
  test(`decodeDhcp() reads what ${name} said as tshark does`, async (t) => {
    const datagrams = await readCapture(join(folder, `${name}.pcap`));
    const packets = datagrams
      .filter(({ toPort }) => toPort === 67 || toPort === 68)
      .map(({ payload }) => decodeDhcp(payload));
    const rows = await readTable(join(folder, `${name}.dhcp.tsv`));
    t.is(packets.length, rows.length);
    t.true(packets.length >= 4);
    for (const [at, row] of rows.entries()) {
      const packet = packets[at];
      if (!packet) return t.fail(`no packet ${at}`);
      const { options } = packet;
      t.deepEqual(
        {
          'dhcp.type': typeNumber(packet),
          'dhcp.id': `0x${packet.xid.toString(16).padStart(8, '0')}`,
          'dhcp.flags': `0x${packet.flags.toString(16).padStart(4, '0')}`,
          'dhcp.hw.mac_addr': packet.chaddr,
          'dhcp.ip.client': packet.ciaddr,
          'dhcp.ip.your': packet.yiaddr,
          'dhcp.ip.server': packet.siaddr,
          'dhcp.ip.relay': packet.giaddr,
          'dhcp.file': packet.file,
          'dhcp.option.type': optionCodes(packet),
          'dhcp.option.vendor_class_id': options.vendorClass ?? '',
          'dhcp.option.hostname': options.hostName ?? '',
          'dhcp.option.request_list_item': options.parameterRequestList?.join(';') ?? '',
          'dhcp.option.dhcp_server_id': options.serverIdentifier ?? '',
        },
        {
          'dhcp.type': row['dhcp.option.dhcp'],
          'dhcp.id': row['dhcp.id'],
          'dhcp.flags': row['dhcp.flags'],
          // tshark names it again where option 61 repeats it.
          'dhcp.hw.mac_addr': row['dhcp.hw.mac_addr']?.split(';')[0],
          'dhcp.ip.client': row['dhcp.ip.client'],
          'dhcp.ip.your': row['dhcp.ip.your'],
          'dhcp.ip.server': row['dhcp.ip.server'],
          'dhcp.ip.relay': row['dhcp.ip.relay'],
          'dhcp.file': row['dhcp.file'],
          'dhcp.option.type': inOrder(row['dhcp.option.type'] ?? ''),
          'dhcp.option.vendor_class_id': row['dhcp.option.vendor_class_id'],
          'dhcp.option.hostname': row['dhcp.option.hostname'],
          'dhcp.option.request_list_item': row['dhcp.option.request_list_item'],
          'dhcp.option.dhcp_server_id': row['dhcp.option.dhcp_server_id'],
        },
      );
      t.deepEqual(decodeDhcp(encodeDhcp(packet)), packet);
    }
  });
}

test('decodeDhcp() reads who clients say they are', async (t) => {
  const first = async (name: string) => {
    const [datagram] = await readCapture(join(folder, `${name}.pcap`));
    return decodeDhcp(datagram?.payload ?? Buffer.alloc(0)).options;
  };
  t.is((await first('udhcpc')).vendorClass, 'walt.node.pc-x86-64');
  const raw = (value: string) => ({ form: 'raw', values: [value] });
  t.deepEqual((await first('dhclient')).userClass as object, raw('walt.node.rpi-3-b-plus'));
  t.deepEqual((await first('ipxe-bios')).userClass as object, raw('iPXE'));
  t.deepEqual((await first('ipxe-bios')).clientArchitecture, [0]);
  t.deepEqual((await first('ovmf-x64')).clientArchitecture, [7]);
  t.is((await first('ovmf-x64')).clientUuid?.length, 17);
});

const described = (packet: TftpPacket): Record<string, string> => {
  const options = 'options' in packet ? packet.options : new Map<string, string>();
  return {
    'tftp.source_file': 'filename' in packet ? packet.filename : '',
    'tftp.type': 'mode' in packet ? packet.mode : '',
    'tftp.option.name': [...options.keys()].join(';'),
    'tftp.option.value': [...options.values()].join(';'),
    'tftp.block': 'block' in packet ? String(packet.block) : '',
    'tftp.error.code': 'code' in packet ? String(packet.code) : '',
    'data.len': packet.kind === 'data' ? String(packet.bytes.length) : '',
  };
};

for (const name of captures.filter((one) => existsSync(join(folder, `${one}.tftp.tsv`)))) {
  test(`decodeTftp() reads what ${name} said as tshark does`, async (t) => {
    const datagrams = await readCapture(join(folder, `${name}.pcap`));
    const wanted = datagrams.filter(
      ({ fromPort, toPort }) => toPort === 69 || (fromPort > 1024 && toPort > 1024),
    );
    const rows = await readTable(join(folder, `${name}.tftp.tsv`));
    t.is(wanted.length, rows.length);
    for (const [at, { payload }] of wanted.entries()) {
      const packet = decodeTftp(payload);
      const { 'udp.srcport': _port, 'tftp.opcode': opcode, ...row } = rows[at] ?? {};
      t.is(String(payload.readUInt16BE(0)), opcode ?? '');
      t.deepEqual(described(packet), row);
      t.deepEqual(Buffer.from(encodeTftp(packet)), payload);
    }
  });
}
