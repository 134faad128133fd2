// Simple NTP (RFC 4330): the question of a client for the time, and the answer to it.
import { DecodeError, Reader } from '../bytes.ts';

/** A client's question. Whatever else it has, such as a signature, is not read. */
export type SntpRequest = {
  /** 1 to 4 */
  readonly version: number;
  /** of the client's clock, as it came: the answer has it as `originate` */
  readonly transmit: Uint8Array;
  /** log2 of seconds between questions, 0 to 255 */
  readonly poll: number;
};

/** What is answered. Times are microseconds since 1970. */
export type SntpReply = {
  readonly request: SntpRequest;
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  /** when the question came */
  readonly received: number;
  /** when the answer leaves */
  readonly sent: number;
};

const LENGTH = 48;
const CLIENT = 3;
const SERVER = 4;
/** The server of a site, behind another one. */
const STRATUM = 3;
/** log2 of seconds: a microsecond. */
const PRECISION = -20;
/** 10 ms, in units of 2^-16 s. */
const DISPERSION = 655;
/** From 1900 to 1970. */
const SECONDS_BEFORE_1970 = 2_208_988_800;

/**
 *     +----+-----+------+---------+------+-----------+
 *     | LI | VN  | mode | stratum | poll | precision |   bits 2, 3, 3; bytes 1, 1, 1
 *     +----+-----+------+---------+------+-----------+
 *     | root delay 4 | root dispersion 4 | reference 4 |
 *     +--------------+-------------------+-------------+
 *     | reference timestamp 8 | originate timestamp 8  |
 *     +-----------------------+------------------------+
 *     | receive timestamp 8   | transmit timestamp 8   |
 *     +-----------------------+------------------------+
 *
 * @throws {DecodeError} for what is no question of a client
 */
export function decodeSntpRequest(bytes: Uint8Array): SntpRequest {
  const reader = new Reader(bytes);
  const first = reader.u8('flags');
  const version = (first >> 3) & 7;
  const mode = first & 7;
  if (mode !== CLIENT) throw new DecodeError('mode', 0, `expected ${CLIENT}, not ${mode}`);
  if (version < 1 || version > 4) throw new DecodeError('version', 0, `${version} is none`);
  reader.u8('stratum');
  const poll = reader.u8('poll');
  reader.bytes(37, 'head');
  return { version, poll, transmit: reader.bytes(8, 'transmit') };
}

/** 48 bytes, no more than any question has: nobody makes a flood out of less. */
export function encodeSntpReply({ request, address, received, sent }: SntpReply): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (request.version << 3) | SERVER);
  view.setUint8(1, STRATUM);
  view.setUint8(2, request.poll);
  view.setInt8(3, PRECISION);
  view.setUint32(8, DISPERSION);
  bytes.set(address.split('.').map(Number), 12);
  setTime(view, 16, received);
  bytes.set(request.transmit, 24);
  setTime(view, 32, received);
  setTime(view, 40, sent);
  return bytes;
}

/** RFC 4330 §3: seconds since 1900 in 32 bits, which begin anew in 2036, and their fraction in 32 more. */
function setTime(view: DataView, at: number, microseconds: number): void {
  const seconds = Math.floor(microseconds / 1e6);
  const fraction = (microseconds - seconds * 1e6) / 1e6;
  view.setUint32(at, (seconds + SECONDS_BEFORE_1970) % 2 ** 32);
  view.setUint32(at + 4, Math.floor(fraction * 2 ** 32));
}
