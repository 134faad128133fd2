// Paths that programs of this server name to each other: they lead from the server's state folder, and have a fixed form.
import { isAbsolute, relative } from 'node:path';
import { z } from 'zod';

/** Part of a path. None begins with a dot: none of them leads up. */
export const NAME = '[A-Za-z0-9_][\\w.+:-]*';
/** Where images are mounted. */
export const IMAGE = `images/${NAME}/fs`;
/** Where the disks of shares are mounted, for an owner and a MAC. */
export const SHARE = `persist/${NAME}/[0-9a-f]{2}(?::[0-9a-f]{2}){5}`;

/** A path of this form, and nothing else. @param form of a regular expression */
export function path(form: string) {
  return z
    .string()
    .max(512)
    .regex(new RegExp(`^(?:${form})$`));
}

/** Of an absolute path, how it leads from the state folder. @throws {TypeError} where it does not */
export function insideOf(state: string, absolute: string): string {
  const inside = relative(state, absolute);
  if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)) return inside;
  throw new TypeError(`Cannot ask a helper for ${absolute}: it is not in ${state}`);
}
