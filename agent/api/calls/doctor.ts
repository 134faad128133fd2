// The call by which a server examines itself.
import { z } from 'zod';
import type { CallTable } from './call.ts';

const checked = z.object({
  name: z.string(),
  status: z
    .enum(['ok', 'skipped', 'warning', 'failed'])
    .describe('A warning keeps no node from booting.'),
  detail: z.string(),
  meaning: z.string().optional().describe('What follows from a warning or failure.'),
  mend: z.string().optional().describe('What to do about it.'),
});

/** Rows of the table of calls. */
export const doctorCalls = {
  'server.examine': {
    method: 'GET',
    path: '/api/v1/examination',
    role: 'viewer',
    help: 'Checks the server as an operator would, which takes some seconds.',
    reply: z.object({ checks: z.array(checked) }),
  },
} as const satisfies CallTable;

/** A check in a reply. */
export type CheckView = z.output<typeof checked>;
