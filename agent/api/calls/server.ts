// Calls about the server itself.
import { z } from 'zod';
import { type CallTable, text } from './call.ts';

/** Rows of the table of calls. */
export const serverCalls = {
  'server.version': {
    method: 'GET',
    path: '/api/v1/version',
    role: 'viewer',
    help: 'The version of the server.',
    reply: z.object({ version: z.string() }),
  },
  'server.describe': {
    method: 'GET',
    path: '/api/v1/openapi.json',
    role: 'viewer',
    isOpen: true,
    help: 'All calls of the API, as OpenAPI 3.1.',
    reply: z.record(z.string(), z.unknown()),
  },
  'server.metrics': {
    method: 'GET',
    path: '/metrics',
    role: 'viewer',
    help: 'Numbers for Prometheus (docs/metrics.md).',
    reply: text('text/plain; version=0.0.4; charset=utf-8'),
  },
} as const satisfies CallTable;
