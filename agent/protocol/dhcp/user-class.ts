/**
 * Option 77 in its two forms. RFC 3004 §4 has a list of items, each behind its length; iPXE and many
 * others put the bare text there. A bare text is one that cannot be read as such a list.
 */
import { bytesToText, textToBytes, Writer } from '../bytes.ts';
import type { OptionCodec } from './codecs.ts';

/** What a client says of its user or program in option 77: iPXE says `iPXE`, our loaders `walt.node.<model>`. */
export type UserClass = {
  readonly form: 'list' | 'raw';
  /** One value in the raw form. Latin-1 text, so that both forms re-encode to the same bytes. */
  readonly values: readonly string[];
};

export const userClass: OptionCodec<UserClass> = {
  decode: (bytes) => {
    const values = decodeList(bytes);
    return values ? { form: 'list', values } : { form: 'raw', values: [bytesToText(bytes)] };
  },
  encode: ({ form, values }) => {
    if (form === 'raw') return textToBytes(values.join(''));
    return values.reduce(writeItem, new Writer()).finish();
  },
};

function decodeList(bytes: Uint8Array): string[] | undefined {
  const values: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    const end = at + 1 + length;
    if (length === 0 || end > bytes.length) return undefined;
    values.push(bytesToText(bytes.subarray(at + 1, end)));
    at = end;
  }
  return values.length > 0 ? values : undefined;
}

function writeItem(writer: Writer, value: string): Writer {
  const bytes = textToBytes(value);
  if (bytes.length === 0) throw new RangeError('Cannot write an empty user class (RFC 3004 §4)');
  return writer.u8(bytes.length).bytes(bytes);
}
