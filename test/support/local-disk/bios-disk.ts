// A disk that a BIOS starts: its first sector says something, and stops or gives up.
import { writeFile } from 'node:fs/promises';

/**
 * For the address 0x7c00, where a BIOS puts it: prints the text behind it by `int 10h`, to its end.
 *
 *     xor ax,ax | mov ds,ax | mov bx,7 | mov si,text | cld
 *     next: lodsb | or al,al | jz end | mov ah,0eh | int 10h | jmp next
 */
const PRINTS = '31c08ed8bb0700be197cfcac08c07406b40ecd10ebf5';
/** In three bytes: `hlt | jmp` back to it, or `int 18h`, which asks for the next device. */
const ENDS = { halts: 'f4ebfd', 'gives up': 'cd18f4' } as const;

/** Writes a disk of a megabyte to the file. @param says ASCII, at most 400 characters */
export async function makeBiosDisk(
  file: string,
  says: string,
  end: keyof typeof ENDS = 'halts',
): Promise<void> {
  const disk = Buffer.alloc(1 << 20);
  const program = Buffer.from(PRINTS + ENDS[end], 'hex');
  program.copy(disk);
  disk.write(`${says}\r\n\0`, program.length, 'latin1');
  disk.writeUInt16LE(0xaa55, 510);
  await writeFile(file, disk);
}
