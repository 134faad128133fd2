/**
 * A script as U-Boot's `source` command runs it: a legacy image of type "script". Big-endian.
 *
 *     +--------------------+-----------------+-----------+---------+
 *     | magic 4 0x27051956 | CRC of header 4 | time 4    | size 4  |
 *     +--------------------+-----------------+-----------+---------+
 *     | load address 4     | entry point 4   | CRC of what follows 4 |
 *     +----+--------------+-+------+--------+----------------------+
 *     | OS | architecture | type  | compression | name, 32 bytes   |
 *     +----+--------------+-------+-------------+------------------+
 *     | length of the text 4 | 0, ends the list of lengths 4 | text|
 *     +----------------------+-------------------------------+-----+
 *
 * The CRC of the header counts its own field as 0. U-Boot's doc/usage/cmd/source.rst and include/image.h.
 */
import { Writer } from '../bytes.ts';
import { crc32 } from '../crc32.ts';

const MAGIC = 0x27051956;
const LINUX = 5;
/** The processor, as `mkimage -A arm` writes it. U-Boot does not look at it in scripts. */
const ARM = 2;
const SCRIPT = 6;
const UNCOMPRESSED = 0;
const NAME_LENGTH = 32;

/** @param text of the script, ASCII; `name` is what U-Boot prints of it, at most 32 letters */
export function encodeUBootScript(text: string, name = ''): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const data = new Writer().u32(bytes.length).u32(0).bytes(bytes).finish();
  const header = (crc: number) =>
    new Writer()
      .u32(MAGIC)
      .u32(crc)
      .u32(0) // no time: the same text makes the same bytes
      .u32(data.length)
      .u32(0)
      .u32(0)
      .u32(crc32(data))
      .u8(LINUX)
      .u8(ARM)
      .u8(SCRIPT)
      .u8(UNCOMPRESSED)
      .bytes(nameField(name))
      .finish();
  return new Writer()
    .bytes(header(crc32(header(0))))
    .bytes(data)
    .finish();
}

function nameField(name: string): Uint8Array {
  const bytes = new Uint8Array(NAME_LENGTH);
  bytes.set(new TextEncoder().encode(name).subarray(0, NAME_LENGTH));
  return bytes;
}
