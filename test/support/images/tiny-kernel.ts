/**
 * A kernel for 64-bit ARM as U-Boot's `booti` starts it, which only says so on the serial port of QEMU's machine `virt` (a
 * PL011 at 0x09000000). Linux's Documentation/arm64/booting.rst has the header.
 */
const CODE: readonly (readonly [word: number, assembly: string])[] = [
  [0xd2a12001, 'movz x1, #0x0900, lsl #16'],
  [0x100000e2, 'adr x2, text'],
  [0x38401443, 'again: ldrb w3, [x2], #1'],
  [0x34000063, 'cbz w3, end'],
  [0xb9000023, 'str w3, [x1]'],
  [0x17fffffd, 'b again'],
  [0xd503207f, 'end: wfi'],
  [0x17ffffff, 'b end'],
];
const HEADER_BYTES = 64;
const MAGIC = 0x644d5241;
/** Pages of 4 KiB; may be anywhere in memory. */
const FLAGS = 0b1010;

/** @param text ASCII: what it says */
export function tinyKernel(text: string): Buffer {
  const words = Buffer.alloc(CODE.length * 4);
  for (const [index, [word]] of CODE.entries()) words.writeUInt32LE(word, index * 4);
  const code = Buffer.concat([words, Buffer.from(`${text}\0`, 'latin1')]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(0x14000000 + HEADER_BYTES / 4, 0); // b: to the code
  header.writeBigUInt64LE(BigInt(HEADER_BYTES + code.length), 16);
  header.writeBigUInt64LE(BigInt(FLAGS), 24);
  header.writeUInt32LE(MAGIC, 56);
  return Buffer.concat([header, code]);
}
