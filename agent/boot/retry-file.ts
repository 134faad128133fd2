// What a boot loader gets while there is no image for its machine: the smallest file that says so on the console and
// tries again, one for each kind of boot loader.
import { encodeUBootScript } from '../protocol/u-boot/script.ts';

/** Seconds until U-Boot tries again: less than the watchdog of a Raspberry Pi waits (15 s). */
const PAUSE = 5;

type RetryFile = (text: string) => Uint8Array;

const retryFiles: Readonly<Record<string, RetryFile>> = {
  // The script of our media (boot-artifacts/pc/autoexec.ipxe) sets `stick-answer` before it runs this file, reads the new
  // value, and tries again after a pause. For any other script this file is one that failed.
  'start.ipxe': (text) =>
    textBytes([
      '#!ipxe',
      `echo ** ${text}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a setting of iPXE is written so
      'isset ${stick-answer} || exit 1',
      'set stick-answer no-image',
      '',
    ]),
  // A board that gets no such file would stop at a prompt, or start from another device.
  'start.uboot': (text) =>
    encodeUBootScript([`echo "${text}"`, `sleep ${PAUSE}`, 'reset', ''].join('\n'), 'walt retry'),
};

/**
 * @param path that the boot loader asks for, without leading slash
 * @param model as announced, if the machine announced one
 * @returns the file's content; undefined where `path` names no start file
 */
export function retryFile(path: string, model: string | undefined): Uint8Array | undefined {
  if (!Object.hasOwn(retryFiles, path)) return undefined;
  return retryFiles[path]?.(noImageText(model));
}

/** The sentence on the console of a machine without image. GRUB shows it too, from a configuration of its own. */
export function noImageText(model: string | undefined): string {
  const what = model === undefined ? 'this device' : `model ${model}`;
  return `The WalT server has no image for ${what} yet; retrying`;
}

function textBytes(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.join('\n'));
}
