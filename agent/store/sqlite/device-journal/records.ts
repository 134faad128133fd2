// Records of the journal of devices: what was changed together, as bytes behind each other in a file.
import { crc32 } from 'node:zlib';
import type { DeviceWrite } from '../../records/devices.ts';

/** Changes that are on disk together; `number` grows with each record. */
export type JournalRecord = { readonly number: number; readonly changes: readonly DeviceWrite[] };

const HEAD = 20;
/** Numbers are written with so many bytes. */
const NUMBER = 6;

/**
 *     +----------+-----------+------------+----------+--------
 *     |  sum 4   |   id 4    |  number 8  | length 4 | JSON …
 *     +----------+-----------+------------+----------+--------
 *
 * All with the high byte first. `sum` is the CRC-32 of all that follows it, `id` that of the database that the journal is of,
 * `length` counts the bytes of the JSON text, an array of changes.
 */
export function encodeRecord({ number, changes }: JournalRecord, id: number): Buffer {
  const text = JSON.stringify(changes);
  const length = Buffer.byteLength(text);
  const bytes = Buffer.alloc(HEAD + length);
  bytes.writeUInt32BE(id, 4);
  bytes.writeUIntBE(number, 16 - NUMBER, NUMBER);
  bytes.writeUInt32BE(length, 16);
  bytes.write(text, HEAD);
  bytes.writeUInt32BE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

/**
 * Reads records as far as they are whole. A file is written anew from its beginning: what an earlier round left behind the last
 * record has a lower number.
 */
export function decodeRecords(bytes: Buffer, id: number): JournalRecord[] {
  const records: JournalRecord[] = [];
  for (let at = 0, before = -1; ; ) {
    const length = lengthAt(bytes, at);
    if (length === undefined || bytes.readUInt32BE(at + 4) !== id) return records;
    const end = at + HEAD + length;
    if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(at)) return records;
    const number = bytes.readUIntBE(at + 16 - NUMBER, NUMBER);
    if (number <= before) return records;
    records.push({ number, changes: JSON.parse(bytes.toString('utf8', at + HEAD, end)) });
    before = number;
    at = end;
  }
}

/** @returns undefined where no whole record can be */
function lengthAt(bytes: Buffer, at: number): number | undefined {
  if (at + HEAD > bytes.length) return undefined;
  const length = bytes.readUInt32BE(at + 16);
  return at + HEAD + length > bytes.length ? undefined : length;
}
