// Which files of the Raspberry Pi's own (GPU firmware, config.txt, device trees, U-Boot) are served from the server's
// folder of them.
import { modelOf } from '../models.ts';

/** The folder named by its serial number in which a board looks first (raspberrypi/documentation, TFTP_PREFIX). */
const SERIAL_FOLDER = /^([0-9a-f]{8})\//;

/**
 * What would make a board write its EEPROM, or is of another use of the folder: answered "not found", whatever lies there.
 * Boards with ENABLE_SELF_UPDATE install the `pieeprom.upd` and `vl805.bin` of a boot server when `*.sig` beside them
 * differs from what they have (raspberrypi/documentation pull request 1674).
 */
const NEVER = /^(recover|pieeprom|vl805|readme|licen[cs]e)|\.(sig|upd|bak)$/i;

/** A machine that announced no model may be a Raspberry Pi whose U-Boot did not start yet. */
export function mayBePi(model: string | undefined): boolean {
  return model === undefined || modelOf(model).family === 'raspberry-pi';
}

/** The file in the folder that `path` (without leading slash) means; undefined for a path that is none of it. */
export function piFileOf(path: string): string | undefined {
  const name = path.split('/').at(-1) ?? '';
  return SERIAL_FOLDER.test(path) || NEVER.test(name) ? undefined : path;
}

/** The first files that a board asks for in its own folder: they tell its serial number, and nothing else does it so. */
const FIRST_FILES = new Set(['start.elf', 'start4.elf', 'config.txt', 'bootcode.bin']);

/** The serial number of the board that asks for `path`, eight hexadecimal digits. */
export function serialIn(path: string): string | undefined {
  const relative = path.replace(/^\/+/, '');
  const serial = SERIAL_FOLDER.exec(relative)?.[1];
  return serial !== undefined && FIRST_FILES.has(relative.slice(serial.length + 1))
    ? serial
    : undefined;
}
