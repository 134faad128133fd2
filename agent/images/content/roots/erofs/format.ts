// EROFS, the read-only file system of the Linux kernel, as far as we write it: no compression, content of files in other
// devices. Kernel 5.16 and later mount that (Linux, Documentation/filesystems/erofs.rst; fs/erofs/erofs_fs.h).
// All numbers are little-endian.
//
//   1024 superblock 128 | 1152 device slots, 128 each | inodes with what follows them | folders | own content
//
//   superblock: 0 magic 4 | 4 checksum 4 | 8 compatible features 4 | 12 block bits 1 | 13 extra slots 1 | 14 root 2 |
//     16 inodes 8 | 24 time 8 | 32 nanoseconds 4 | 36 blocks 4 | 40 first metadata block 4 | 44 xattr block 4 |
//     48 UUID 16 | 64 name 16 | 80 incompatible features 4 | 84 algorithms 2 | 86 devices 2 | 88 device slots' place 2
//   device slot: 0 tag 64 | 64 blocks 4 | 68 mapped block 4
//   inode: 0 format 2 | 2 xattr count 2 | 4 mode 2 | 8 size 8 | 16 union 4 | 20 number 4 | 24 uid 4 | 28 gid 4 |
//     32 seconds 8 | 40 nanoseconds 4 | 44 links 4
import type { Layout, Placed } from './layout.ts';
import { BLOCK, INODE, SLOT, SUPERBLOCK_END } from './sizes.ts';

const MAGIC = 0xe0f5e1e2;
const HAS_TIMES = 0x2;
const CHUNKED_FILES = 0x4;
const DEVICE_TABLE = 0x8;
const DEVICE_SLOT = 128;
const BLOCK_BITS = 12;

/** How content of a file is found; bits 1 to 3 of the format. */
export const LAYOUT = { plain: 0, inline: 2, chunks: 4 } as const;
/** A chunk's place names a device. */
const CHUNK_INDEXES = 0x20;
/** No place at all. */
export const NOWHERE = 0xffffffff;

const TYPE_BITS: Readonly<Record<Placed['node']['kind'], number>> = {
  fifo: 0o010000,
  character: 0o020000,
  folder: 0o040000,
  block: 0o060000,
  file: 0o100000,
  link: 0o120000,
};

/** Number of the inode at a position, as folders name it. */
export function numberOf({ position }: Placed): number {
  return position / SLOT;
}

/**
 * Superblock and device slots.
 * @param options.devices bytes of each other file that holds content
 * @param options.uuid 16 bytes
 */
export function writeSuperblock(
  into: Buffer,
  {
    layout,
    blocks,
    devices,
    uuid,
  }: {
    readonly layout: Layout;
    readonly blocks: number;
    readonly devices: readonly number[];
    readonly uuid: Uint8Array;
  },
): void {
  const at = 1024;
  into.writeUInt32LE(MAGIC, at);
  into.writeUInt32LE(HAS_TIMES, at + 8);
  into.writeUInt8(BLOCK_BITS, at + 12);
  into.writeUInt16LE(numberOf(layout.root), at + 14);
  into.writeBigUInt64LE(BigInt(layout.all.length), at + 16);
  into.writeUInt32LE(blocks, at + 36);
  into.set(uuid, at + 48);
  into.writeUInt32LE(CHUNKED_FILES | (devices.length > 0 ? DEVICE_TABLE : 0), at + 80);
  into.writeUInt16LE(devices.length, at + 86);
  into.writeUInt16LE(SUPERBLOCK_END / DEVICE_SLOT, at + 88);
  for (const [index, bytes] of devices.entries()) {
    const slot = SUPERBLOCK_END + index * DEVICE_SLOT;
    into.write(`layer-${index}`, slot, 'latin1');
    into.writeUInt32LE(bytes / BLOCK, slot + 64);
  }
}

/** What an inode says beside its attributes. */
export type InodeFacts = {
  readonly layout: (typeof LAYOUT)[keyof typeof LAYOUT];
  readonly size: number;
  /** first block, device number or form of chunks */
  readonly union: number;
};

/** The inode, without what follows it. */
export function writeInode(
  into: Buffer,
  placed: Placed,
  { layout, size, union }: InodeFacts,
): void {
  const { position: at, node, xattrs } = placed;
  const { mode, uid, gid, seconds, nanoseconds } = node.attributes;
  into.writeUInt16LE(1 | (layout << 1), at);
  into.writeUInt16LE(xattrs.count, at + 2);
  into.writeUInt16LE(TYPE_BITS[node.kind] | (node.kind === 'link' ? 0o777 : mode), at + 4);
  into.writeBigUInt64LE(BigInt(size), at + 8);
  into.writeUInt32LE(union, at + 16);
  into.writeUInt32LE(numberOf(placed), at + 20);
  into.writeUInt32LE(uid, at + 24);
  into.writeUInt32LE(gid, at + 28);
  into.writeBigInt64LE(BigInt(seconds), at + 32);
  into.writeUInt32LE(nanoseconds, at + 40);
  into.writeUInt32LE(placed.links, at + 44);
  into.set(xattrs.bytes, at + INODE);
}

/** Form of chunks for a file that is one chunk: as long as it has to be. */
export function chunkForm(size: number): number {
  let bits = 0;
  while (BLOCK * 2 ** bits < size) bits += 1;
  return CHUNK_INDEXES | bits;
}

/** Place of the one chunk, right behind the inode and its attributes. @param device 0 for this file itself */
export function writeChunk(
  into: Buffer,
  { position, xattrs }: Placed,
  { device, block }: { readonly device: number; readonly block: number },
): void {
  const at = Math.ceil((position + INODE + xattrs.bytes.length) / 8) * 8;
  into.writeUInt16LE(0, at);
  into.writeUInt16LE(device, at + 2);
  into.writeUInt32LE(block, at + 4);
}

/** As Linux keeps major and minor in 32 bits (`new_encode_dev`). */
export function deviceNumber(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
