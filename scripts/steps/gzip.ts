// Packs bytes the same way on every machine.
import { spawnSync } from 'node:child_process';

/**
 * GNU gzip, whose output has been the same for decades; zlib, as in Node.js, varies with version and processor.
 * @throws {Error} where gzip fails
 */
export function gzip(bytes: Uint8Array): Uint8Array {
  const { status, stdout, stderr, error } = spawnSync('gzip', ['-9', '-n'], {
    input: bytes,
    maxBuffer: 1 << 30,
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  throw new Error(`Cannot pack with gzip: ${stderr.toString().trim()}`);
}
