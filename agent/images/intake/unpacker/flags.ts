/**
 * Flags of Node for the program that unpacks: V8 collects sooner, for a server has better use for its memory. An image of
 * 99,000 files takes 180 MB with them, and 300 MB without (`test/matrix/server/layer-memory.test.ts`).
 */
export const UNPACKER_FLAGS = ['--max-semi-space-size=2', '--optimize-for-size'] as const;
