// An EFI program without its signature: still whole, but nobody vouches for it any more.
import { findCertificateTable } from '../../../agent/protocol/pe/certificate-table.ts';

/** @param signed whose certificate table is at its end, as signing tools put it */
export function withoutSignature(signed: Buffer): Buffer {
  const table = findCertificateTable(signed.subarray(0, 4096));
  if (table === undefined || table.size === 0) throw new Error('The program has no signature');
  const unsigned = Buffer.from(signed.subarray(0, table.offset));
  const entry = Buffer.alloc(8);
  entry.writeUInt32LE(table.offset, 0);
  entry.writeUInt32LE(table.size, 4);
  const at = unsigned.subarray(0, 4096).indexOf(entry);
  if (at === -1) throw new Error('The place of the signature is not in the header');
  unsigned.fill(0, at, at + 8);
  return unsigned;
}
