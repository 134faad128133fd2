// The packets of Raspberry Pis' boot loaders, as captured, through the handlers of the server.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { AddressPool } from '../../../../agent/addresses/address-pool.ts';
import { AddressProber } from '../../../../agent/addresses/address-prober.ts';
import { RateLimit } from '../../../../agent/addresses/rate-limit.ts';
import { onDhcp } from '../../../../agent/handlers/dhcp/on-dhcp.ts';
import { findFile } from '../../../../agent/handlers/files/find-file.ts';
import { isHostOf, parseCidr } from '../../../../agent/protocol/ip.ts';
import { dhcpRequest } from '../../../../lab/clients/dhcp-packets.ts';
import { type Board, type Firmware, firmwares } from '../../../../lab/firmware/firmwares.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const board: Board = { mac: '02:77:aa:f2:67:82', serial: 'e1ffda08' };
const LABEL = 'Raspberry Pi Boot   ';

/** A server with the files that `firmware` wants, and with some that it must not get. */
async function open(t: ExecutionContext, firmware: Firmware) {
  const records = await openRecords();
  const { registry, boots } = records;
  const subnet = parseCidr('192.168.152.1/24');
  const pool = new AddressPool(subnet, { isOwned: registry.hasIp });
  const context = {
    ...records,
    ...{ pool, network: { ...subnet, domain: 'walt', leaseSeconds: 600 }, now: () => 0 },
    owns: (ip: string) => isHostOf(subnet, ip),
    prober: new AddressProber({ pool, registry, ask: () => true, now: () => 0 }),
    noAddressLimit: new RateLimit(60_000),
    onOtherServer: () => undefined,
  };
  const piFolder = await temporaryFolder(t);
  await mkdir(join(piFolder, 'overlays'));
  const wanted = firmware.files.filter(({ answer }) => answer === 'file').map(({ path }) => path);
  for (const path of [...wanted, 'pieeprom.sig', 'vl805.sig', 'recover4.elf', 'recovery.elf']) {
    await writeFile(join(piFolder, path), path);
  }
  const files = {
    ...{ registry, piFolder, rootOf: () => piFolder },
    speakerOf: (mac: string) => boots.speakerOf(mac),
    start: () => Promise.reject(new Error('no GRUB here')),
  };
  const send = async (options: Parameters<typeof dhcpRequest>[0]) => {
    const outcome = await onDhcp(dhcpRequest(options, { chaddr: board.mac }), context);
    records.publish(outcome.events);
    return outcome.reply;
  };
  return { ...records, send, read: (path: string, ip: string) => findFile(path, ip, files) };
}

for (const [name, firmware] of Object.entries(firmwares)) {
  test(`${name} gets an address that is its own, the label it looks for, and its files`, async (t) => {
    const { send, read, registry, boots } = await open(t, firmware);
    const offer = await send({ messageType: 'discover', ...firmware.options(board) });
    const options = offer?.packet.options;
    t.true(Buffer.from(options?.vendorSpecific ?? []).includes(LABEL));
    t.like(options, { vendorClass: 'PXEClient', tftpServerName: '192.168.152.1' });
    t.like(offer?.packet, { siaddr: '192.168.152.1', file: '' });
    const ip = offer?.packet.yiaddr ?? '';
    if (firmware.requests !== undefined) {
      t.is(registry.byIp(ip), undefined, 'an offer binds nobody who asks for it');
      const selected = { messageType: 'request', requestedAddress: ip } as const;
      const server = { serverIdentifier: '192.168.152.1' };
      const ack = await send({ ...selected, ...server, ...firmware.requests(board) });
      t.is(ack?.packet.options.messageType, 'ack');
    }
    t.like(registry.byIp(ip), { mac: board.mac, type: 'unknown' });
    t.is(boots.speakerOf(board.mac), 'raspberry-pi');

    for (const { path, answer } of firmware.files) {
      const { found } = await read(path.replace('<serial>', board.serial), ip);
      t.is(found.kind, answer, path);
      if (found.kind === 'file') t.true(found.isPatient, path);
    }
    t.is(registry.byMac(board.mac)?.serial, board.serial);
  });
}

test('a Raspberry Pi that asks again keeps its address, and a PC of the same class is given none for good', async (t) => {
  const firmware = firmwares['rpi-3-plus-rom'];
  const { send, registry } = await open(t, firmware);
  const discover = { messageType: 'discover', ...firmware.options(board) } as const;
  const first = await send(discover);
  t.is((await send(discover))?.packet.yiaddr, first?.packet.yiaddr);
  await registry.change(board.mac, () => undefined);
  const { parameterRequestList: _list, ...pc } = discover;
  const offer = await send({
    ...pc,
    parameterRequestList: [1, 2, 3, 4, 5, 6, 12, 43, 60, 66, 67, 128, 135],
  });
  t.is(offer?.packet.options.vendorSpecific, undefined);
  t.deepEqual(registry.all(), []);
});
