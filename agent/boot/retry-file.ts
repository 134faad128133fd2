// What a boot loader gets while there is no image for its machine: the smallest file that says so on the console and
// tries again, one for each kind of boot loader.
import { encodeUBootScript } from '../protocol/u-boot/script.ts';

/** Seconds until it is tried again: less than the watchdog of a Raspberry Pi waits (15 s). */
const PAUSE = 5;

type RetryFile = (text: string) => Uint8Array;

const retryFiles: Readonly<Record<string, RetryFile>> = {
  // Hands back to the script of the medium, which tries again.
  'start.ipxe': (text) => textBytes(['#!ipxe', `echo ${text}`, 'exit 1', '']),
  // A board without this file would end at a prompt, or boot from somewhere else.
  'start.uboot': (text) =>
    encodeUBootScript([`echo "${text}"`, `sleep ${PAUSE}`, 'reset', ''].join('\n'), 'walt retry'),
};

/** @param model as announced, if it was; undefined result: `path` is no start file */
export function retryFile(path: string, model: string | undefined): Uint8Array | undefined {
  if (!Object.hasOwn(retryFiles, path)) return undefined;
  return retryFiles[path]?.(noImageText(model));
}

/** What the console of such a machine shows, whatever its boot loader is. GRUB has it in a configuration of its own. */
export function noImageText(model: string | undefined): string {
  const what = model === undefined ? 'this device' : `model ${model}`;
  return `The WalT server has no image for ${what} yet; retrying`;
}

function textBytes(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.join('\n'));
}
