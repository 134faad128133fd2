// Calls of `walt node console`.
import { z } from 'zod';
import { SOURCES } from '../../../consoles/entry.ts';
import { type CallTable, frames, lines } from '../call.ts';

const consoleLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('open'),
    id: z.string().describe('for `consoles.type` and `consoles.leave`, while the request runs'),
    isWriter: z.boolean().describe('what is typed is taken'),
    writer: z.string().nullable().describe('the user who types'),
  }),
  z.object({
    kind: z.literal('output'),
    source: z.enum(SOURCES).describe('what of the device, or of the server, said it'),
    at: z.number().describe('when, microseconds since 1970, UTC'),
    data: z.string().describe('what was said, base64'),
    next: z.number().describe('for `after` of a later request'),
  }),
  z.object({
    kind: z.literal('missed'),
    bytes: z.number().describe('of the record, gone before they were read'),
  }),
  z.object({
    kind: z.literal('writer').describe('another one types now'),
    writer: z.string().nullable(),
    isYou: z.boolean(),
  }),
]);

/** A line of the answer of `consoles.open`. */
export type ConsoleLine = z.output<typeof consoleLine>;

const id = z.string().describe('of an open console');

const consoleFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('writer').describe('comes first, and whenever it is another one'),
    writer: z.string().nullable().describe('the user who types'),
    isYou: z.boolean().describe('by this WebSocket'),
  }),
  z.object({
    type: z.literal('said').describe('about the next frame of bytes'),
    source: z.enum(SOURCES).describe('what of the device, or of the server, said it'),
    at: z.number().describe('when, microseconds since 1970, UTC'),
    next: z.number().describe('for `after` of a later request'),
  }),
  z.object({
    type: z.literal('missed'),
    bytes: z.number().describe('of the record, gone before they were read'),
  }),
  z.object({ type: z.literal('error'), error: z.string().describe('why it was not typed') }),
]);

/** Rows of the table of calls. */
export const consoleCalls = {
  'consoles.open': {
    method: 'POST',
    path: '/api/v1/consoles/open',
    role: 'user',
    help: 'What the consoles of a device said, as it was recorded, and what they say until the request ends.',
    body: z.strictObject({
      device: z.string().describe('its name'),
      takesOthers: z.boolean().optional().describe('also a node that belongs to another user'),
      wish: z
        .enum(['watch', 'write', 'take'])
        .default('watch')
        .describe('look alone; type, if nobody does; type instead of whoever does'),
      history: z.int().min(0).max(100_000).default(0).describe('lines of the past to begin with'),
      after: z.int().min(0).optional().describe('instead: go on behind what was read (`next`)'),
      follows: z.boolean().default(true).describe('go on with what comes'),
    }),
    reply: lines(consoleLine),
  },
  'consoles.attach': {
    method: 'GET',
    path: '/api/v1/nodes/:node/console',
    role: 'user',
    help: 'The same by WebSocket: bytes of the console, and keys for it, in binary frames. `{"type":"take"}` in a frame of text lets the sender type instead of whoever does.',
    params: z.strictObject({ node: z.string().describe('its name, or that of another device') }),
    query: z.strictObject({
      takesOthers: z
        .stringbool()
        .pipe(z.boolean())
        .default(false)
        .describe('also a node that belongs to another user'),
      wish: z
        .enum(['watch', 'write', 'take'])
        .default('write')
        .describe('look alone; type, if nobody does; type instead of whoever does'),
      history: z.coerce
        .number()
        .int()
        .min(0)
        .max(100_000)
        .default(0)
        .describe('lines of the past to begin with'),
      after: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .describe('instead: go on behind what was read (`next`)'),
    }),
    reply: frames(consoleFrame),
  },
  'consoles.type': {
    method: 'POST',
    path: '/api/v1/consoles/type',
    role: 'user',
    help: 'Gives keys to the console, of whoever may type there.',
    body: z.strictObject({ id, data: z.base64().describe('what is typed, base64') }),
    reply: z.object({}),
  },
  'consoles.leave': {
    method: 'POST',
    path: '/api/v1/consoles/leave',
    role: 'user',
    help: 'Ends the answer of `consoles.open`.',
    body: z.strictObject({ id }),
    reply: z.object({}),
  },
} as const satisfies CallTable;
