/**
 * TFTP as the GPU firmware of Raspberry Pis has it: block after block, counted rather than read, so that one that comes twice
 * is taken for two (raspberrypi/firmware issue 1631); and no second try (rpi-eeprom issue 687).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeTftp, encodeTftp } from '../../agent/protocol/tftp/packet.ts';
import type { Station } from './station.ts';

/** A file that the firmware asks for. */
export type PiRead = {
  readonly server: string;
  readonly path: string;
  /** its own port */
  readonly port: number;
  readonly options?: Readonly<Record<string, number>>;
  /** milliseconds that it is busy with something else before it acknowledges the second block */
  readonly busyMs?: number;
};

/** What came of it. */
export type PiFile =
  | { readonly kind: 'file'; readonly bytes: Buffer }
  | { readonly kind: 'error'; readonly code: number }
  /** the board hangs, until somebody cuts its power */
  | { readonly kind: 'silence' };

const PATIENCE_MS = 8000;

/** Reads one file as the firmware does; whatever goes wrong is an answer. */
export async function readAsPi(station: Station, read: PiRead): Promise<PiFile> {
  const { server, path, port, options = {}, busyMs = 0 } = read;
  const say = (to: number, packet: Parameters<typeof encodeTftp>[0]) =>
    station.send({ to: server, port: to, from: port, payload: encodeTftp(packet) });
  const asked = new Map(Object.entries(options).map(([name, value]) => [name, `${value}`]));
  say(69, { kind: 'read', filename: path, mode: 'octet', options: asked });
  const parts: Uint8Array[] = [];
  let blockSize = 512;
  for (;;) {
    const datagram = await station.receive(port, PATIENCE_MS);
    if (datagram === undefined) return { kind: 'silence' };
    const packet = decodeTftp(datagram.payload);
    if (packet.kind === 'error') return { kind: 'error', code: packet.code };
    if (packet.kind === 'options') {
      blockSize = Number(packet.options.get('blksize') ?? 512);
      say(datagram.sourcePort, { kind: 'ack', block: 0 });
    }
    if (packet.kind !== 'data') continue;
    parts.push(packet.bytes);
    if (parts.length === 2 && busyMs > 0) await sleep(busyMs);
    say(datagram.sourcePort, { kind: 'ack', block: parts.length });
    if (packet.bytes.length < blockSize) return { kind: 'file', bytes: Buffer.concat(parts) };
  }
}
