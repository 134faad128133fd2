// Where an EFI program (PE/COFF) keeps its signatures. Little-endian, unlike the network's protocols.
//
//     0x3c  u32  offset of the PE header
//     +0    "PE\0\0", COFF header of 20 bytes
//     +24   optional header: u16 0x10b (PE32) or 0x20b (PE32+)
//     +96   (PE32) or +112 (PE32+) in it: data directories of 8 bytes; the fifth is the certificate table
//
// PE format, "Optional header data directories": its first u32 is an offset in the file, not an address.

/** Where the table is in the file: `offset` from its start and `size`, in bytes. */
export type TablePlace = { readonly offset: number; readonly size: number };

const DIRECTORIES: Readonly<Record<number, number>> = { 267: 96, 523: 112 };
const CERTIFICATE_TABLE = 4;

/**
 * @param head first bytes of the file, 4 KiB are enough
 * @returns size 0 for a program without signature; undefined for what is no EFI program
 */
export function findCertificateTable(head: Uint8Array): TablePlace | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.byteLength < 0x40 || view.getUint16(0, true) !== 0x5a4d) return undefined;
  const header = view.getUint32(0x3c, true);
  if (header + 26 > view.byteLength || view.getUint32(header, true) !== 0x4550) return undefined;
  const optional = header + 24;
  const directories = DIRECTORIES[view.getUint16(optional, true)];
  if (directories === undefined) return undefined;
  const count = optional + directories - 4;
  const entry = optional + directories + CERTIFICATE_TABLE * 8;
  if (entry + 8 > view.byteLength) return undefined;
  if (view.getUint32(count, true) <= CERTIFICATE_TABLE) return { offset: 0, size: 0 };
  return { offset: view.getUint32(entry, true), size: view.getUint32(entry + 4, true) };
}
