// What happens on the platform, as it happens: for pages and programs that stay open.
import { z } from 'zod';
import { type CallTable, messages } from './call.ts';

/** What every event has; further fields are those of its type. */
const event = z.looseObject({
  time: z.string().describe('when it happened: ISO 8601, UTC'),
  name: z.string().optional().describe('of the device that it is about'),
  mac: z.string().optional().describe('of the same'),
});

/** Rows of the table of calls. */
export const eventCalls = {
  'events.follow': {
    method: 'GET',
    path: '/api/v1/events',
    role: 'viewer',
    help: 'Each event from now on as `text/event-stream`; with header `last-event-id` first those behind that one, also over a restart of the server.',
    query: z.strictObject({
      types: z
        .string()
        .optional()
        .describe('only events of these types, with commas between them; `missed` always comes'),
      seconds: z.coerce
        .number()
        .min(0)
        .max(2_000_000)
        .optional()
        .describe('the answer ends after so long'),
    }),
    reply: messages(event),
  },
} as const satisfies CallTable;
