// Entries of a tar archive of ours: GNU's form, with its long names, since names may be no UTF-8; attributes and fractions
// of seconds in pax headers.
import { BLOCK } from '../layers/tar/header.ts';
import type { TreeNode } from '../tree/image-tree.ts';

const TYPES: Readonly<Record<TreeNode['kind'], string>> = {
  file: '0',
  link: '2',
  character: '3',
  block: '4',
  folder: '5',
  fifo: '6',
};
const NAME_BYTES = 100;

/** Headers of one entry. @param first name under which the file was written already */
export function tarEntry(path: string, node: TreeNode, first: string | undefined): Buffer {
  const isLink = first !== undefined;
  const target = first ?? (node.kind === 'link' ? node.target : '');
  const size = node.kind === 'file' && !isLink ? node.size : 0;
  return Buffer.concat([
    ...(isLink ? [] : [pax(node)]),
    longText('K', target),
    longText('L', path),
    header({ path, target, size, type: isLink ? '1' : TYPES[node.kind], node }),
  ]);
}

/** What comes after the content of a file. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

function longText(type: string, text: string): Buffer {
  if (text.length < NAME_BYTES) return Buffer.alloc(0);
  const content = Buffer.from(`${text}\0`, 'latin1');
  return special('././@LongLink', { type, content });
}

/** IEEE Std 1003.1-2017, pax, "pax Extended Header"; attributes as star has them. */
function pax({ attributes }: TreeNode): Buffer {
  const { nanoseconds, seconds, xattrs } = attributes;
  const records = Object.entries(xattrs).map(([name, value]) =>
    record(`SCHILY.xattr.${name}`, value),
  );
  if (nanoseconds !== 0) records.push(record('mtime', decimal(seconds, nanoseconds)));
  if (records.length === 0) return Buffer.alloc(0);
  return special('PaxHeaders/walt', { type: 'x', content: Buffer.concat(records) });
}

function decimal(seconds: number, nanoseconds: number): string {
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  const [sign, size] = total < 0n ? ['-', -total] : ['', total];
  return `${sign}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, '0')}`;
}

/** The length counts its own digits. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`, 'latin1');
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`, 'latin1');
}

function special(
  path: string,
  { type, content }: { readonly type: string; readonly content: Buffer },
) {
  const attributes = { mode: 0o644, uid: 0, gid: 0, seconds: 0, nanoseconds: 0, xattrs: {} };
  const node: TreeNode = { kind: 'fifo', attributes };
  const head = header({ path, target: '', size: content.length, type, node });
  return Buffer.concat([head, content, tarPadding(content.length)]);
}

type Header = {
  readonly path: string;
  readonly target: string;
  readonly size: number;
  readonly type: string;
  readonly node: TreeNode;
};

function header({ path, target, size, type, node }: Header): Buffer {
  const block = Buffer.alloc(BLOCK);
  const { mode, uid, gid, seconds } = node.attributes;
  block.write(path.slice(0, NAME_BYTES - 1), 0, 'latin1');
  number(block, { at: 100, length: 8, value: mode });
  number(block, { at: 108, length: 8, value: uid });
  number(block, { at: 116, length: 8, value: gid });
  number(block, { at: 124, length: 12, value: size });
  number(block, { at: 136, length: 12, value: seconds });
  block.write('        ', 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write(target.slice(0, NAME_BYTES - 1), 157, 'latin1');
  block.write('ustar  \0', 257, 'latin1');
  if (node.kind === 'character' || node.kind === 'block') {
    number(block, { at: 329, length: 8, value: node.major });
    number(block, { at: 337, length: 8, value: node.minor });
  }
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

type Field = { readonly at: number; readonly length: number; readonly value: number };

/** Octal digits where they suffice, else two's complement with the first bit set. */
function number(block: Buffer, { at, length, value }: Field): void {
  const digits = value.toString(8);
  if (value >= 0 && digits.length < length) {
    block.write(digits.padStart(length - 1, '0'), at, 'latin1');
    return;
  }
  let rest = BigInt(value);
  for (let index = length - 1; index >= 0; index -= 1) {
    block[at + index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  block[at] = (block[at] ?? 0) | 0x80;
}
