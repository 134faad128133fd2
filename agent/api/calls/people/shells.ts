// Calls of `walt image shell`. They run programs on the server as root, so they are for its administrators. What is typed in
// any shell, also one on a device or node, comes by `shells.type`: whoever opened it may type there.
import { z } from 'zod';
import { type CallTable, lines } from '../call.ts';
import { force, imageLine, ownName } from '../lines/image-line.ts';
import { size, terminal } from '../lines/program-line.ts';

const id = z.string().describe('of the shell');
/** Calls about shells in images. */
export const shellCalls = {
  'images.shell': {
    method: 'POST',
    path: '/api/v1/images/shell',
    role: 'admin',
    help: "Runs a shell in a container of an image of the caller's; the container stays until the request ends, or longer if something in it was changed and not saved.",
    body: z.strictObject({
      name: ownName,
      terminal: terminal.optional().describe('without it the shell has pipes'),
    }),
    reply: lines(imageLine),
  },
  'shells.type': {
    method: 'POST',
    path: '/api/v1/shells/type',
    role: 'user',
    help: 'Gives input to a shell whose request runs.',
    body: z.strictObject({
      id,
      data: z.base64().default('').describe('what is typed, base64'),
      isEnd: z.boolean().default(false).describe('nothing more comes; only where it has pipes'),
    }),
    reply: z.object({}),
  },
  'shells.resize': {
    method: 'POST',
    path: '/api/v1/shells/resize',
    role: 'user',
    help: 'Says how large the terminal of a shell is now.',
    body: z.strictObject({ id, ...size }),
    reply: z.object({}),
  },
  'images.save': {
    method: 'POST',
    path: '/api/v1/images/save',
    role: 'admin',
    help: 'Makes an image of what a shell has left, while its request runs or the shell is kept.',
    body: z.strictObject({ id, name: ownName, force }),
    reply: lines(imageLine),
  },
  'images.keptShells': {
    method: 'GET',
    path: '/api/v1/images/shells',
    role: 'admin',
    help: "Shells of the caller's whose changes were not saved, the oldest first.",
    reply: z.object({
      shells: z.array(
        z.object({
          id: z.string().describe('for `images.resumeShell`, `images.save` and `images.dropShell`'),
          image: z.string().describe('in which the shell was opened'),
          since: z.number().describe('when it was left, microseconds since 1970, UTC'),
          until: z.number().describe('when it is given up, the same'),
        }),
      ),
    }),
  },
  'images.resumeShell': {
    method: 'POST',
    path: '/api/v1/images/shells/resume',
    role: 'admin',
    help: 'Opens a shell again that is kept, as `images.shell` does.',
    body: z.strictObject({
      id,
      terminal: terminal.optional().describe('without it the shell has pipes'),
    }),
    reply: lines(imageLine),
  },
  'images.dropShell': {
    method: 'POST',
    path: '/api/v1/images/shells/drop',
    role: 'admin',
    help: 'Gives up a shell and what was changed in it.',
    body: z.strictObject({ id }),
    reply: z.object({}),
  },
} as const satisfies CallTable;
