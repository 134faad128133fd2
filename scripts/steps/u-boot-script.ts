// Wraps the text of a U-Boot script as `mkimage -T script` does, byte for byte: U-Boot's `source` runs nothing else.
import { crc32 } from 'node:zlib';
import { SOURCE_DATE } from './source-date.ts';

const HEADER_LENGTH = 64;
const NAME_LENGTH = 32;
const MAGIC = 0x27051956;
const OS_LINUX = 5;
const TYPE_SCRIPT = 6;
const UNCOMPRESSED = 0;

/** Numbers of processors in the header; U-Boot's `source` looks at none of them. */
const ARCHITECTURES = { arm: 2, arm64: 22 } as const;

export type ScriptOptions = {
  readonly architecture: keyof typeof ARCHITECTURES;
  /** What U-Boot prints of it: at most 32 ASCII letters. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly date?: number;
};

/**
 * Header and content, big-endian (U-Boot's include/image.h, "legacy image"; its doc/usage/cmd/source.rst):
 *
 *      0 magic             4 CRC-32 of the header, itself taken as 0
 *      8 date             12 length of what follows the header
 *     16 load address     20 entry point                            both 0
 *     24 CRC-32 of what follows the header
 *     28 system, processor, type, compression, a byte each
 *     32 name, padded with zeros
 *     64 length of the text, 0 (end of the list of lengths), the text
 *
 * @throws {RangeError} if the name is too long
 */
export function wrapUBootScript(text: string, options: ScriptOptions): Buffer {
  const { architecture, name, date = SOURCE_DATE } = options;
  if (name.length > NAME_LENGTH) {
    throw new RangeError(`Cannot wrap the U-Boot script ${name}: its name has over 32 letters`);
  }
  const script = Buffer.from(text);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(script.length, 0);
  const content = Buffer.concat([lengths, script]);

  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt32BE(MAGIC, 0);
  header.writeUInt32BE(date, 8);
  header.writeUInt32BE(content.length, 12);
  header.writeUInt32BE(crc32(content), 24);
  header.set([OS_LINUX, ARCHITECTURES[architecture], TYPE_SCRIPT, UNCOMPRESSED], 28);
  header.write(name, 32, 'latin1');
  header.writeUInt32BE(crc32(header), 4);
  return Buffer.concat([header, content]);
}
