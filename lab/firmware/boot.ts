/** Plays a board from power-on: its firmware, then the U-Boot that it loaded, which announces the model. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeDhcp } from '../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../agent/protocol/dhcp/encode.ts';
import type { DhcpOptions } from '../../agent/protocol/dhcp/options.ts';
import type { DhcpPacket } from '../../agent/protocol/dhcp/packet.ts';
import { dhcpRequest } from '../clients/dhcp-packets.ts';
import type { Board, Firmware } from './firmwares.ts';
import { type PiFile, readAsPi } from './pi-tftp.ts';
import type { Received, Station } from './station.ts';

/** The ROM says the same in every DISCOVER (raspberrypi/firmware issue 871). */
const ROM_XID = 0x26f30339;
const MOST_DISCOVERS = 5;
const MOST_ASKED = 3;
const WAIT_MS = 3000;

/** A firmware that got an address: the OFFER which it took, and what came of its files. */
export type FirmwareRun = {
  readonly offer: DhcpPacket;
  /** what came of each of its files, in their order */
  readonly files: readonly { readonly path: string; readonly got: PiFile }[];
};

/** Runs the firmware; undefined where nothing answers, after which it resets, or tries the card. */
export async function runFirmware(
  station: Station,
  board: Board,
  { firmware, busyMs = 0 }: { readonly firmware: Firmware; readonly busyMs?: number },
): Promise<FirmwareRun | undefined> {
  station.reset();
  const offer = await findOffer(station, firmware, firmware.options(board));
  if (offer === undefined) return undefined;
  if (firmware.requests !== undefined) {
    const { serverIdentifier } = offer.options;
    const selected = { messageType: 'request', requestedAddress: offer.yiaddr } as const;
    const server = serverIdentifier === undefined ? {} : { serverIdentifier };
    const request = { ...selected, ...server, ...firmware.requests(board) };
    if ((await ask(station, request, 'ack')) === undefined) return undefined;
  }
  station.ip = offer.yiaddr;
  const server = offer.options.tftpServerName ?? offer.siaddr;
  await station.resolve(server);
  const files = [];
  let port = 49_152;
  for (const step of firmware.files) {
    const path = step.path.replace('<serial>', board.serial);
    port += 1;
    const wish = { server, path, port, busyMs };
    const options = path.startsWith('boot') ? {} : firmware.tftpOptions;
    files.push({ path, got: await readAsPi(station, { ...wish, options }) });
  }
  return { offer, files };
}

/** Runs U-Boot: its own DHCP, with the class, then `start.uboot`. Undefined where nothing answers: it resets. */
export async function runUBoot(
  station: Station,
  model: string,
): Promise<{ readonly ack: DhcpPacket; readonly start: PiFile } | undefined> {
  station.reset();
  const vendorClass = `walt.node.${model}`;
  const offer = await ask(station, { messageType: 'discover', vendorClass }, 'offer');
  if (offer?.options.serverIdentifier === undefined) return undefined;
  const { serverIdentifier } = offer.options;
  const requestedAddress = offer.yiaddr;
  const selected = { vendorClass, serverIdentifier, requestedAddress };
  const ack = await ask(station, { messageType: 'request', ...selected }, 'ack');
  if (ack === undefined) return undefined;
  station.ip = ack.yiaddr;
  await station.resolve(ack.siaddr);
  const read = { server: ack.siaddr, path: 'start.uboot', port: 50_000 };
  return {
    ack,
    start: await readAsPi(station, { ...read, options: { timeout: 5, blksize: 1468 } }),
  };
}

async function findOffer(
  station: Station,
  { window }: Firmware,
  options: DhcpOptions,
): Promise<DhcpPacket | undefined> {
  for (let tries = 0; tries < MOST_DISCOVERS; tries += 1) {
    const asked = performance.now();
    say(station, { messageType: 'discover', ...options });
    const offer = await waitAsFirmware(station, asked, window);
    if (offer !== undefined && isForPi(offer)) return offer;
  }
  return undefined;
}

/** The ROM of the 3B looks at what it has only when another packet comes, and only after a second. */
async function waitAsFirmware(
  station: Station,
  asked: number,
  window: Firmware['window'],
): Promise<DhcpPacket | undefined> {
  if (window === undefined) return await hear(station, 'offer', WAIT_MS);
  let best: DhcpPacket | undefined;
  let last = asked;
  for (;;) {
    const next = await station.receive(68, last + window.idleMs - performance.now());
    if (next === undefined) {
      await sleep(200);
      return undefined;
    }
    last = next.at;
    best = offerIn(next, station.mac) ?? best;
    if (best !== undefined && next.at - asked > window.takesAfterMs) return best;
  }
}

/** The ROM looks for the label anywhere in option 43, with its three spaces; the EEPROM for a part of it. */
function isForPi({ options }: DhcpPacket): boolean {
  return Buffer.from(options.vendorSpecific ?? []).includes('Raspberry Pi Boot   ');
}

function say(station: Station, options: DhcpOptions): void {
  const packet = dhcpRequest(options, { chaddr: station.mac, xid: ROM_XID, flags: 0 });
  const payload = encodeDhcp(packet);
  station.send({ to: '255.255.255.255', port: 67, from: 68, payload });
}

/** Says it again where no answer comes, as all of them do. */
async function ask(
  station: Station,
  options: DhcpOptions,
  answer: 'offer' | 'ack',
): Promise<DhcpPacket | undefined> {
  for (let tries = 0; tries < MOST_ASKED; tries += 1) {
    say(station, options);
    const packet = await hear(station, answer, WAIT_MS);
    if (packet !== undefined) return packet;
  }
  return undefined;
}

async function hear(
  station: Station,
  type: 'offer' | 'ack',
  ms: number,
): Promise<DhcpPacket | undefined> {
  const end = performance.now() + ms;
  for (;;) {
    const datagram = await station.receive(68, end - performance.now());
    if (datagram === undefined) return undefined;
    const packet = offerIn(datagram, station.mac, type);
    if (packet !== undefined) return packet;
  }
}

/** All boards on the wire hear a broadcast; each takes its own. */
function offerIn(
  { payload }: Received,
  mac: string,
  type: 'offer' | 'ack' = 'offer',
): DhcpPacket | undefined {
  const packet = decodeDhcp(payload);
  return packet.chaddr === mac && packet.options.messageType === type ? packet : undefined;
}
