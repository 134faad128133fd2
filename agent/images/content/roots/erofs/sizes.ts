// Sizes that all of an EROFS file system is made of.

/** Bytes of a block. */
export const BLOCK = 4096;
/** Bytes of an extended inode. */
export const INODE = 64;
/** Inodes lie at multiples of this many bytes; their number is the multiple. */
export const SLOT = 32;
/** Where the superblock ends and device slots begin; bytes. */
export const SUPERBLOCK_END = 1152;
