// Wraps the text of a U-Boot script as `mkimage -T script` does, byte for byte: U-Boot's `source` runs nothing else.
import { type UBootImageOptions, wrapUBootImage } from './u-boot-image.ts';

/** What the header of a script says; its type is given. */
export type ScriptOptions = Omit<UBootImageOptions, 'type'>;

/**
 * Behind the header: length of the text, 0 (end of the list of lengths), the text. U-Boot's doc/usage/cmd/source.rst.
 *
 * @throws {RangeError} if the name is too long
 */
export function wrapUBootScript(text: string, options: ScriptOptions): Buffer {
  const script = Buffer.from(text);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(script.length, 0);
  return wrapUBootImage(Buffer.concat([lengths, script]), { ...options, type: 'script' });
}
