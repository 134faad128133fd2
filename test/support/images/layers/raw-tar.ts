// Tar archives header by header, in every form and also such as no program would make: `tar.ts` makes plain ones.

const BLOCK = 512;

/** Text has a character for each byte. */
export type RawHeader = {
  readonly name: string;
  /** type flag, `0` for a file */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  /** what the header says, if not the length of the content */
  readonly size?: number | Buffer;
  readonly mode?: number;
  readonly uid?: number | Buffer;
  readonly gid?: number | Buffer;
  readonly mtime?: number | Buffer;
  readonly link?: string;
  readonly device?: readonly [major: number, minor: number];
  readonly form?: 'ustar' | 'gnu' | 'star' | 'v7';
  readonly prefix?: string;
  /** bytes that are put over the header, by their place */
  readonly raw?: Readonly<Record<number, string | Uint8Array>>;
  readonly sum?: 'unsigned' | 'signed' | 'wrong';
  readonly isPadded?: boolean;
};

const MAGIC = { ustar: 'ustar\x0000', star: 'ustar\x0000', gnu: 'ustar  \0', v7: '' } as const;

/** A header with its content. */
export function entry(of: RawHeader): Buffer {
  const { content = '', form = 'ustar', isPadded = true } = of;
  const data = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);
  const header = Buffer.alloc(BLOCK);
  header.write(of.name, 0, 100, 'latin1');
  put(header, { at: 100, length: 8 }, of.mode ?? 0o755);
  put(header, { at: 108, length: 8 }, of.uid ?? 0);
  put(header, { at: 116, length: 8 }, of.gid ?? 0);
  put(header, { at: 124, length: 12 }, of.size ?? data.length);
  put(header, { at: 136, length: 12 }, of.mtime ?? 1);
  header.write(of.type ?? '0', 156, 'latin1');
  header.write(of.link ?? '', 157, 100, 'latin1');
  header.write(MAGIC[form], 257, 'latin1');
  if (form === 'star') header.write('tar\0', 508, 'latin1');
  if (of.device !== undefined) {
    put(header, { at: 329, length: 8 }, of.device[0]);
    put(header, { at: 337, length: 8 }, of.device[1]);
  }
  if (of.prefix !== undefined) header.write(of.prefix, 345, 155, 'latin1');
  for (const [at, bytes] of Object.entries(of.raw ?? {})) {
    header.set(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, Number(at));
  }
  writeSum(header, of.sum);
  return Buffer.concat([header, data, isPadded ? padding(data.length) : Buffer.alloc(0)]);
}

/** Makes the checksum of a header right again, or wrong. */
export function writeSum(header: Buffer, kind: RawHeader['sum'] = 'unsigned'): void {
  header.fill(' ', 148, 156);
  const signed = kind === 'signed';
  const sum = header.reduce((all, byte) => all + (signed && byte > 127 ? byte - 256 : byte), 0);
  const said = kind === 'wrong' ? sum + 1 : sum;
  header.write(`${said.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

function put(
  header: Buffer,
  { at, length }: { readonly at: number; readonly length: number },
  value: number | Buffer,
): void {
  if (typeof value === 'number') {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  } else {
    header.set(value, at);
  }
}

/** A number as GNU writes large and negative ones: two's complement with the first bit set. */
export function base256(value: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
}

/** Zeros up to the next whole block. */
export function padding(length: number): Buffer {
  return Buffer.alloc(-length & (BLOCK - 1));
}

/** Records of a pax header: name and value, in this order. */
export type Records = readonly (readonly [string, string])[];

/** A pax header for the entry that follows, or (type g) for all. */
export function pax(records: Records, type: 'x' | 'g' = 'x'): Buffer {
  return entry({ name: 'PaxHeaders/0', type, content: records.map(record).join('') });
}

/** The length counts its own digits. */
function record([key, value]: readonly [string, string]): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return `${length}${rest}`;
}

/** GNU's header for a name (L) or the target of a link (K) that is too long for the next one. */
export function longText(type: 'L' | 'K', text: string): Buffer {
  return entry({ name: '././@LongLink', type, form: 'gnu', content: `${text}\0` });
}

/** Something more of a header. */
export type More = Partial<RawHeader>;

export const file = (name: string, content: RawHeader['content'] = '', more: More = {}): Buffer =>
  entry({ name, content, ...more });
export const folder = (name: string, more: More = {}): Buffer =>
  entry({ name, type: '5', ...more });
export const link = (name: string, target: string, more: More = {}): Buffer =>
  entry({ name, type: '2', link: target, ...more });
export const hardLink = (name: string, target: string, more: More = {}): Buffer =>
  entry({ name, type: '1', link: target, ...more });
export const device = (name: string, of: readonly [number, number], more: More = {}): Buffer =>
  entry({ name, type: '3', device: of, ...more });

/** The end mark. */
export const END: Buffer = Buffer.alloc(2 * BLOCK);

/** An archive of these parts with its end mark. */
export function archive(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([...parts, END]);
}
