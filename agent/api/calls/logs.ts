// Calls of `walt log …`.
import { z } from 'zod';
import { type CallTable, lines } from './call.ts';

/** Counts and ids come as text, in the query. */
const whole = z.coerce.number().int().min(0).optional();

/** A list comes as text with commas. */
const names = z.string().optional();

const logView = z.object({
  id: z.number().describe('higher than that of all lines before it'),
  at: z.number().describe('microseconds since 1970, UTC'),
  issuer: z.string(),
  stream: z.string(),
  line: z.string(),
});

/** A line of the log as callers see it. */
export type LogView = z.output<typeof logView>;

const checkpointView = z.object({
  name: z.string(),
  at: z.number().describe('microseconds since 1970, UTC'),
});

/** Rows of the table of calls. */
export const logCalls = {
  'logs.read': {
    method: 'GET',
    path: '/api/v1/logs',
    role: 'viewer',
    help: 'Log lines, the past first and then, if asked, each as it comes. All of the past, where nothing is given.',
    query: z.strictObject({
      from: z.coerce.number().optional().describe('microseconds since 1970, UTC; included'),
      to: z.coerce.number().optional().describe('the same'),
      stream: z.string().optional().describe('only streams that begin so, as `platform.`'),
      issuers: names.describe('only lines of these issuers, with commas between them'),
      streams: names.describe('only lines of streams with these names, with commas between them'),
      exceptStreams: names.describe(
        'no lines of streams with these names, with commas between them',
      ),
      lineMatches: z
        .string()
        .optional()
        .describe(
          'only lines whose text matches this regular expression (of JavaScript), anywhere',
        ),
      streamMatches: z.string().optional().describe('the same of the names of their streams'),
      after: whole.describe('only lines after the one with this id: to go on where a reader was'),
      before: whole.describe('only lines before the one with this id'),
      last: z.coerce.number().int().min(1).max(1000).optional().describe('the last so many only'),
      realtime: z
        .stringbool()
        .optional()
        .describe(
          'new lines too, until the request ends; the past too only where a field selects it that is not about issuers and streams',
        ),
      seconds: z.coerce
        .number()
        .min(0)
        .max(2_000_000)
        .optional()
        .describe('with `realtime`: the answer ends after so long'),
    }),
    reply: lines(logView),
  },
  'logs.sources': {
    method: 'GET',
    path: '/api/v1/logs/sources',
    role: 'viewer',
    help: 'All issuers that have lines in the log, with their streams.',
    reply: z.object({ sources: z.array(z.object({ issuer: z.string(), stream: z.string() })) }),
  },
  'logs.checkpoints': {
    method: 'GET',
    path: '/api/v1/logs/checkpoints',
    role: 'user',
    help: 'The checkpoints of who asks, in the order of their times.',
    reply: z.object({ checkpoints: z.array(checkpointView) }),
  },
  'logs.addCheckpoint': {
    method: 'POST',
    path: '/api/v1/logs/checkpoints',
    role: 'user',
    help: 'Gives a moment a name. The reply is the checkpoint.',
    body: z.strictObject({
      name: z.string().describe('2 to 64 letters, digits and dashes, no dash first'),
      at: z.int().min(0).optional().describe('microseconds since 1970, UTC; by default now'),
    }),
    reply: checkpointView,
  },
  'logs.removeCheckpoint': {
    method: 'POST',
    path: '/api/v1/logs/checkpoints/remove',
    role: 'user',
    help: 'Forgets a checkpoint. The reply is what it was.',
    body: z.strictObject({ name: z.string() }),
    reply: checkpointView,
  },
} as const satisfies CallTable;
