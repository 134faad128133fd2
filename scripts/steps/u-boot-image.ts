// Puts the header that U-Boot calls a legacy image before something, as `mkimage` does, byte for byte.
import { crc32 } from 'node:zlib';
import { SOURCE_DATE } from './source-date.ts';

const HEADER_LENGTH = 64;
const NAME_LENGTH = 32;
const MAGIC = 0x27051956;
const OS_LINUX = 5;
const UNCOMPRESSED = 0;

/** Numbers in the header (U-Boot's include/image.h). An initrd has to name the processor; a script need not. */
const ARCHITECTURES = { arm: 2, arm64: 22 } as const;
const TYPES = { initrd: 3, script: 6 } as const;

/** The processor, in the words of `mkimage -A`. */
export type UBootArchitecture = keyof typeof ARCHITECTURES;

/** What the header says of the data behind it. */
export type UBootImageOptions = {
  readonly type: keyof typeof TYPES;
  readonly architecture: UBootArchitecture;
  /** What U-Boot prints of it: at most 32 ASCII letters. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly date?: number;
};

/**
 * Header and content, big-endian (U-Boot's include/image.h, "legacy image"):
 *
 *      0 magic             4 CRC-32 of the header, itself taken as 0
 *      8 date             12 length of what follows the header
 *     16 load address     20 entry point                            both 0
 *     24 CRC-32 of what follows the header
 *     28 system, processor, type, compression, a byte each
 *     32 name, padded with zeros
 *     64 the content
 *
 * @throws {RangeError} if the name is too long
 */
export function wrapUBootImage(content: Uint8Array, options: UBootImageOptions): Buffer {
  const { type, architecture, name, date = SOURCE_DATE } = options;
  if (name.length > NAME_LENGTH) {
    throw new RangeError(`Cannot wrap the U-Boot ${type} ${name}: its name has over 32 letters`);
  }
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(date, 8);
  header.writeUInt32BE(content.length, 12);
  header.writeUInt32BE(crc32(content), 24);
  header.set([OS_LINUX, ARCHITECTURES[architecture], TYPES[type], UNCOMPRESSED], 28);
  header.write(name, 32, 'latin1');
  header.writeUInt32BE(crc32(header), 4);
  return Buffer.concat([header, content]);
}
