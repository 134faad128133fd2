// Calls of `walt log …`.
import { z } from 'zod';
import { type CallTable, lines } from './call.ts';

const logView = z.object({
  at: z.number().describe('microseconds since 1970, UTC'),
  issuer: z.string(),
  stream: z.string(),
  line: z.string(),
});

export type LogView = z.output<typeof logView>;

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
      realtime: z
        .stringbool()
        .optional()
        .describe('new lines too, until the request ends; without `from` and `to` those alone'),
    }),
    reply: lines(logView),
  },
} as const satisfies CallTable;
