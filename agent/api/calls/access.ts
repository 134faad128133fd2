// Calls of `walt node shell|run|cp|expose|save|blink`: somebody works on running nodes, by ssh(1) of the server.
import { z } from 'zod';
import { type CallTable, lines } from './call.ts';
import { programLine, terminal } from './program-line.ts';

const params = z.strictObject({ node: z.string().describe('its name') });
const takesOthers = z.boolean().default(false).describe('also a node that belongs to another user');

/** Calls about the systems that run on nodes. */
export const accessCalls = {
  'nodes.shell': {
    method: 'POST',
    path: '/api/v1/nodes/:node/shell',
    role: 'user',
    help: "Opens a shell of root on a running node, by the server's key and the node's known host key.",
    params,
    body: z.strictObject({
      takesOthers,
      terminal: terminal.optional().describe('without it the shell has pipes'),
    }),
    reply: lines(programLine),
  },
} as const satisfies CallTable;
