// Reads from a kernel who signed it.
import { open } from 'node:fs/promises';
import type { KernelSignature } from '../../../boot/pxe/secure-boot.ts';
import { findCertificateTable } from '../../../protocol/pe/certificate-table.ts';
import { readSigners } from '../../../protocol/pe/signers.ts';

const HEAD = 4096;
/** Signatures have a few KiB; a header that says otherwise is not to fill the memory. */
const LONGEST_TABLE = 256 * 1024;

export async function readKernelSignature(path: string): Promise<KernelSignature> {
  const file = await open(path);
  try {
    const read = async (offset: number, size: number) => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(size), 0, size, offset);
      return buffer.subarray(0, bytesRead);
    };
    const place = findCertificateTable(await read(0, HEAD));
    if (place === undefined) return { kind: 'foreign' };
    if (place.size === 0) return { kind: 'unsigned' };
    const issuers = readSigners(await read(place.offset, Math.min(place.size, LONGEST_TABLE)));
    return { kind: 'signed', issuers };
  } finally {
    await file.close();
  }
}
