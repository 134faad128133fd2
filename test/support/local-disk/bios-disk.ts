// A disk that a BIOS starts: its first sector says something, and stops.
import { writeFile } from 'node:fs/promises';

/**
 * For the address 0x7c00, where a BIOS puts it: prints the text behind it by `int 10h`, to its end, then halts.
 *
 *     xor ax,ax | mov ds,ax | mov bx,7 | mov si,text | cld
 *     next: lodsb | or al,al | jz stop | mov ah,0eh | int 10h | jmp next
 *     stop: hlt | jmp stop
 */
const PROGRAM = Buffer.from('31c08ed8bb0700be197cfcac08c07406b40ecd10ebf5f4ebfd', 'hex');

/** Writes a disk of a megabyte to the file. @param says ASCII, at most 400 characters */
export async function makeBiosDisk(file: string, says: string): Promise<void> {
  const disk = Buffer.alloc(1 << 20);
  PROGRAM.copy(disk);
  disk.write(`${says}\r\n\0`, PROGRAM.length, 'latin1');
  disk.writeUInt16LE(0xaa55, 510);
  await writeFile(file, disk);
}
