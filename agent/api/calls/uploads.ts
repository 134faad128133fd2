// What callers on other machines send for calls that take something of the server's disk.
import { z } from 'zod';
import type { CallTable } from './call.ts';

/** Rows of the table of calls. */
export const uploadCalls = {
  'uploads.create': {
    method: 'POST',
    path: '/api/v1/uploads/:form/:name',
    role: 'user',
    takesBytes: true,
    help: 'Takes a file or folder for one later call of the same user (`images.import`, `images.build`, `images.copyIn`), as `application/octet-stream`. It is gone after that, or after an hour. Folders take role `admin`; of others a file is as large as `images.maxGigabytes` and half of the room on the disk allow.',
    params: z.strictObject({
      form: z.enum(['file', 'tar']).describe('the file itself, or a tar of one file or folder'),
      name: z
        .string()
        .max(255)
        .regex(/^(?!\.{1,2}$)[^/\0]+$/, 'expected a name of a file')
        .describe('of the file, or of what the tar holds'),
    }),
    reply: z.object({ upload: z.string().describe('for the field `upload` of that call') }),
  },
} as const satisfies CallTable;

/** Field of calls that take something of the server's disk. */
export const upload = z.string().optional().describe('what was sent by `uploads.create`, instead');
