// Reads and edits images of the boot EEPROM of the Raspberry Pi 4 and 400. Pure: bytes in, bytes out.

/** 512 KiB: what the EEPROM of a board with a BCM2711 holds. */
export const IMAGE_BYTES = 512 * 1024;
/** Erased in one piece; the boot loader keeps the last one for itself. */
const BLOCK_BYTES = 4096;
const HEADER_BYTES = 8;
const NAME_BYTES = 12;
/** Name and four reserved bytes, before the content of a file. */
const FILE_HEADER_BYTES = NAME_BYTES + 4;
/** With its headers a file fits into one block. */
export const LONGEST_CONTENT = 4076;

const MAGIC = 0x55aaf00f;
const MAGIC_MASK = 0xfffff00f;
const FILE_MAGIC = 0x55aaf11f;
const PADDING_MAGIC = 0x55aafeef;

/** The image is not one, or what was asked of it cannot be. */
export class EepromError extends Error {
  override readonly name = 'EepromError' as const;
}

type Section = {
  readonly offset: number;
  readonly magic: number;
  /** Of what follows the header. */
  readonly length: number;
};

/**
 * The content of a file in the image:
 *
 *     0         4         8               20          24
 *     +---------+---------+---------------+-----------+---------+ - - - +
 *     | magic   | length  | name, 0-padded| reserved  | content | 0xff… | next section, at a multiple of 8
 *     +---------+---------+---------------+-----------+---------+ - - - +
 *
 * Numbers are big-endian; the length counts name, reserved bytes and content.
 */
export function readEepromFile(image: Uint8Array, name: string): Uint8Array {
  const { offset, length } = fileSection(image, name);
  const start = offset + HEADER_BYTES;
  return image.slice(start + FILE_HEADER_BYTES, start + length);
}

/** The image with another content of that file, all other sections untouched. */
export function replaceEepromFile(
  image: Uint8Array,
  { name, content }: { readonly name: string; readonly content: Uint8Array },
): Uint8Array {
  const { offset } = fileSection(image, name);
  const next = followingSection(image, offset);
  const room = (next ?? IMAGE_BYTES - BLOCK_BYTES) - offset - HEADER_BYTES - FILE_HEADER_BYTES;
  const most = Math.min(LONGEST_CONTENT, room);
  if (content.length > most) {
    throw new EepromError(
      `Cannot store ${name}: it has ${content.length} bytes, expected at most ${most}`,
    );
  }
  const edited = Uint8Array.from(image);
  const view = new DataView(edited.buffer);
  const length = FILE_HEADER_BYTES + content.length;
  view.setUint32(offset + 4, length);
  const start = offset + HEADER_BYTES + FILE_HEADER_BYTES;
  edited.set(content, start);
  edited.fill(0xff, start + content.length, next ?? IMAGE_BYTES - BLOCK_BYTES);
  if (next !== undefined) writePadding(view, { from: aligned(start + content.length), to: next });
  return edited;
}

/** The second file of an update: the image's SHA-256 in hex, and when it was made (seconds since 1970). */
export function signatureText(sha256: string, seconds: number): string {
  return `${sha256}\nts: ${seconds}\n`;
}

/** A gap is a section of its own, if it is large enough for a header. */
function writePadding(view: DataView, { from, to }: { from: number; to: number }): void {
  if (to - from < HEADER_BYTES) return;
  view.setUint32(from, PADDING_MAGIC);
  view.setUint32(from + 4, to - from - HEADER_BYTES);
}

function fileSection(image: Uint8Array, name: string): Section {
  const found = sections(image).find(
    (section) => section.magic === FILE_MAGIC && nameOf(image, section) === name,
  );
  if (found) return found;
  throw new EepromError(`Cannot find ${name} in the EEPROM image: it has no such file`);
}

/** Where the section after that at the offset begins that is not padding; none behind the last one. */
function followingSection(image: Uint8Array, offset: number): number | undefined {
  return sections(image).find(
    (section) => section.offset > offset && section.magic !== PADDING_MAGIC,
  )?.offset;
}

function nameOf(image: Uint8Array, { offset }: Section): string {
  const start = offset + HEADER_BYTES;
  return Buffer.from(image.subarray(start, start + NAME_BYTES))
    .toString('latin1')
    .replace(/\0+$/, '');
}

/** All sections in their order. Throws an EepromError for anything but a whole image. */
function sections(image: Uint8Array): Section[] {
  if (image.length !== IMAGE_BYTES) {
    throw new EepromError(
      `Cannot read the EEPROM image: it has ${image.length} bytes, expected ${IMAGE_BYTES}`,
    );
  }
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const found: Section[] = [];
  for (let offset = 0; offset + HEADER_BYTES <= IMAGE_BYTES; ) {
    const magic = view.getUint32(offset);
    if (magic === 0xffffffff) break;
    const length = view.getUint32(offset + 4);
    checkSection({ offset, magic, length });
    found.push({ offset, magic, length });
    offset = aligned(offset + HEADER_BYTES + length);
  }
  return found;
}

function checkSection({ offset, magic, length }: Section): void {
  const where = `section at 0x${offset.toString(16)}`;
  if ((magic & MAGIC_MASK) >>> 0 !== MAGIC) {
    throw new EepromError(
      `Cannot read the EEPROM image: ${where} begins with 0x${magic.toString(16)}, expected 0x55aaf..f`,
    );
  }
  const least = magic === FILE_MAGIC ? FILE_HEADER_BYTES : 0;
  if (length < least || offset + HEADER_BYTES + length > IMAGE_BYTES) {
    throw new EepromError(
      `Cannot read the EEPROM image: ${where} has ${length} bytes, which are not there`,
    );
  }
}

function aligned(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
