// Calls about boot media.
import { z } from 'zod';
import { bytes, type CallTable } from './call.ts';

const medium = z.object({
  name: z.string().describe('Name of its file.'),
  machines: z.string().describe('Which machines need it.'),
  isDisk: z.boolean().describe('It is written to a whole disk, rather than unpacked.'),
  path: z.string().describe('Where it is on the machine of the server.'),
  bytes: z.int(),
  sha256: z.string().describe('In hexadecimal digits.'),
  modified: z.number().describe('When it was last written, in milliseconds since 1970.'),
});

/** Rows of the table of calls. */
export const mediaCalls = {
  'media.list': {
    method: 'GET',
    path: '/api/v1/media',
    role: 'viewer',
    help: 'The boot media of this installation, with their checksums.',
    reply: z.object({
      folder: z.string().nullable().describe('Where they are looked for; null for nowhere.'),
      media: z.array(medium),
    }),
  },
  'media.download': {
    method: 'GET',
    path: '/api/v1/media/:name/file',
    role: 'viewer',
    help: 'The bytes of a medium. A header `range` asks for a part of them, and `etag` is its SHA-256.',
    params: z.strictObject({ name: z.string().describe('of its file') }),
    reply: bytes('application/octet-stream'),
  },
} as const satisfies CallTable;

/** A medium in a reply. */
export type MediumView = z.output<typeof medium>;
