// Calls about the server itself.
import { z } from 'zod';
import type { CallTable } from './call.ts';

/** Rows of the table of calls. */
export const serverCalls = {
  'server.version': {
    method: 'GET',
    path: '/api/v1/version',
    role: 'viewer',
    help: 'The version of the server.',
    reply: z.object({ version: z.string() }),
  },
} as const satisfies CallTable;
