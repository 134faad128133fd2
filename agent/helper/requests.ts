// What the server may ask of the helper: a row for each, and nothing else. Paths lead from the server's state folder and have a fixed
// form; there is no word of a command line among them.
import { z } from 'zod';
import { IMAGE, NAME, path, SHARE } from './paths.ts';

/** Where images are mounted: their folders, and one that tries whether this machine can. */
const IMAGE_PLACE = `${IMAGE}|tmp/mount-\\w+/fs`;
const MOST_LAYERS = 512;
const MOST_PLACES = 10_000;

const mountErofs = z.strictObject({
  verb: z.literal('mount-erofs'),
  place: path(IMAGE_PLACE),
  file: path(`images/${NAME}/root\\.erofs|tmp/mount-\\w+/erofs`),
  data: z.array(path(`layers/${NAME}/data|tmp/mount-\\w+/data`)).max(MOST_LAYERS),
});
const mountExt4 = z.strictObject({
  verb: z.literal('mount-ext4'),
  place: path(SHARE),
  file: path(`(?:${SHARE})\\.disk`),
  files: z.strictObject({
    name: path(NAME),
    uid: z
      .int()
      .min(1)
      .max(2 ** 32 - 2),
  }),
});
const unmount = z.strictObject({
  verb: z.literal('unmount'),
  place: path(`${IMAGE_PLACE}|${SHARE}`),
});
/** All of the state folder that are mounted nowhere. */
const releaseDevices = z.strictObject({ verb: z.literal('release-devices') });
const showMounts = z.strictObject({
  verb: z.literal('show-mounts'),
  pid: z
    .int()
    .min(2)
    .max(2 ** 22),
  places: z.array(path(`${IMAGE_PLACE}|${SHARE}`)).max(MOST_PLACES),
});

/** Whether the kernel holds the clock for synchronised: asking takes a system call that also sets it. */
const clock = z.strictObject({ verb: z.literal('clock') });

const request = z.discriminatedUnion('verb', [
  mountErofs,
  mountExt4,
  unmount,
  releaseDevices,
  showMounts,
  clock,
]);

/** A request whose form is right. What it names need not be there. */
export type HelperRequest = z.infer<typeof request>;

/** What is answered: without a reason, all is done. */
export type HelperAnswer = { readonly reason?: string; readonly isSynchronised?: boolean };

/** The longest request in bytes, without the end of its line. */
export const LONGEST_REQUEST = 2 ** 21;

/** @returns undefined where the line is no request */
export function parseRequest(line: string): HelperRequest | undefined {
  try {
    return request.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
