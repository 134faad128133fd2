// What a loader gets for a start file where its node is to start from its own disk.
import { textToBytes } from '../../protocol/bytes.ts';
import { encodeUBootScript } from '../../protocol/u-boot/script.ts';
import { localIpxeScript } from './ipxe-script.ts';
import { localUBootScript } from './u-boot-script.ts';

const startFiles: Readonly<Record<string, (tries: number) => Uint8Array>> = {
  'start.ipxe': (tries) => textToBytes(localIpxeScript(tries)),
  'start.uboot': () => encodeUBootScript(localUBootScript(), 'walt boot-local'),
};

/** Whether `path`, without leading slash, is a file that a loader asks for to learn what to start. */
export function isStartFile(path: string): boolean {
  return Object.hasOwn(startFiles, path);
}

/**
 * @param path that the loader asks for, without leading slash
 * @param tries how often it has asked within minutes, 0 at first
 * @returns the file's content; undefined where `path` names no start file
 */
export function localStartFile(path: string, tries: number): Uint8Array | undefined {
  return isStartFile(path) ? startFiles[path]?.(tries) : undefined;
}
