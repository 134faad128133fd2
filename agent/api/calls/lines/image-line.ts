// What calls about images have in common: how an image is shown, and how work on one is followed.
import { z } from 'zod';

/** An image as callers see it. */
export const imageView = z.object({
  name: z.string().describe('`owner/name:tag`'),
  digest: z.string().describe('`sha256:…` of the manifest'),
  models: z.array(z.string()).describe('that it is made for'),
  inUse: z.boolean().describe('a node boots it'),
  created: z.number().describe('microseconds since 1970, UTC'),
  size: z.number().describe('bytes on disk'),
});

/** Steps while work on an image runs, then how it ended. */
export const imageLine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), text: z.string().describe('what is done now') }),
  z.object({
    kind: z
      .literal('shell')
      .describe('a shell runs in a container, which is there for as long as the request'),
    id: z.string().describe('for `shells.type`, `images.save`'),
  }),
  z.object({
    kind: z.literal('output'),
    data: z.string().describe('what the shell has written, base64'),
    isError: z.boolean().describe('it is standard error; a terminal does not tell them apart'),
  }),
  z.object({
    kind: z.literal('ended').describe('the shell has ended; the container is still there'),
    status: z.number().nullable().describe('its exit status; null where a signal ended it'),
    hasUnsaved: z.boolean().describe('something was changed in the container that is not saved'),
  }),
  z.object({
    kind: z
      .literal('others-image')
      .describe(
        'nothing was done: another user has an image of that name, which is to be replaced',
      ),
    name: z.string().describe('`owner/name:tag`'),
  }),
  z.object({ kind: z.literal('done'), image: imageView }),
  z.object({ kind: z.literal('failed'), error: z.string().describe('why, for a person') }),
]);

/** How callers name an image of their own. */
export const ownName = z.string().describe("an image of the caller's, as `web:v2`");
/** Whether an image may be replaced. */
export const force = z.boolean().describe('replaces an image of that name');

/** An image as callers see it. */
export type ImageView = z.output<typeof imageView>;
/** A line of the answer of a call that works on an image. */
export type ImageLine = z.output<typeof imageLine>;
