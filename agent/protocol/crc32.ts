/** CRC-32 as U-Boot, zlib and Ethernet have it: polynomial 0x04c11db7, bits reflected (ITU-T V.42 §8.1.1.6.2). */

const REFLECTED = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ REFLECTED : value >>> 1;
  }
  return value;
});

/** The checksum as a number from 0 to 4,294,967,295; of the ASCII text `123456789` it is 0xcbf43926. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
