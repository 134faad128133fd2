// Calls of `walt node shell|run|cp|expose|save|blink`: somebody works on running nodes, by ssh(1) of the server.
import { z } from 'zod';
import { type CallTable, frames, lines } from '../call.ts';
import { force, imageLine, ownName } from '../lines/image-line.ts';
import { programLine, terminal } from '../lines/program-line.ts';

const params = z.strictObject({ node: z.string().describe('its name') });
/** Each is a process of the server. */
const MOST_PARALLEL = 500;
/** Timers of Node.js hold no more: 24 days. */
const MOST_SECONDS = 2_000_000;
/** Of one entry of a folder. */
const NAME = /^(?!\.{1,2}$)[^/\0]+$/;
const path = z.string().regex(/^[^\0]{1,4095}$/, 'expected a path');
const takesOthers = z.boolean().default(false).describe('also a node that belongs to another user');

const runLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('output'),
    node: z.string().describe('that has written it'),
    data: z.string().describe('what it has written, base64'),
    isError: z.boolean().describe('it is standard error'),
  }),
  z.object({
    kind: z.literal('ended'),
    node: z.string().describe('where the command has ended'),
    status: z.number().nullable().describe('its exit status; null where `error` says why not'),
    error: z.string().nullable().describe('why it did not run to its end, for a person'),
  }),
  z.object({ kind: z.literal('done').describe('these were all') }),
  z.object({ kind: z.literal('failed'), error: z.string().describe('why, for a person') }),
]);

const cells = z.coerce.number().int().min(1).max(65_535);
const shellFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('output').describe('about the bytes from here on, where there is no terminal'),
    isError: z.boolean().describe('they are of standard error'),
  }),
  z.object({
    type: z.literal('exit').describe('the last frame'),
    status: z.number().nullable().describe('exit status; null where a signal ended it'),
  }),
  z.object({ type: z.literal('error'), error: z.string().describe('why, for a person') }),
]);

/** A line of the answer of `nodes.run`. */
export type RunLine = z.output<typeof runLine>;

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
  'nodes.attachShell': {
    method: 'GET',
    path: '/api/v1/nodes/:node/shell',
    role: 'user',
    help: 'The same by WebSocket: what the shell writes, and what is typed, in binary frames. Frames of text say `{"type":"size","columns":…,"rows":…}` of the terminal, and `{"type":"end"}` of the input of a shell without one.',
    params,
    query: z.strictObject({
      takesOthers: z
        .stringbool()
        .pipe(z.boolean())
        .default(false)
        .describe('also a node that belongs to another user'),
      terminal: z.string().max(64).optional().describe('value of TERM; without it pipes'),
      columns: cells.default(80).describe('of the terminal'),
      rows: cells.default(24).describe('of the terminal'),
    }),
    reply: frames(shellFrame),
  },
  'nodes.copyIn': {
    method: 'POST',
    path: '/api/v1/nodes/:node/copy-in',
    role: 'user',
    help: 'Copies a file or folder to a running node. It comes as a tar by `shells.type`, up to `isEnd`.',
    params,
    body: z.strictObject({
      takesOthers,
      path: path.describe('where it goes on the node, from /root on where it is not absolute'),
      name: z
        .string()
        .regex(NAME, 'expected the name of a file')
        .describe('of the file or folder in the tar'),
      isFolder: z
        .boolean()
        .default(false)
        .describe('`path` has to be a folder, which it goes into'),
    }),
    reply: lines(programLine),
  },
  'nodes.copyOut': {
    method: 'POST',
    path: '/api/v1/nodes/:node/copy-out',
    role: 'user',
    help: 'Reads a file or folder of a running node. The output is a tar.',
    params,
    body: z.strictObject({ takesOthers, path: path.describe('of the file or folder') }),
    reply: lines(programLine),
  },
  'nodes.copyBetween': {
    method: 'POST',
    path: '/api/v1/nodes/:node/copy-to',
    role: 'user',
    help: 'Copies a file or folder of a running node to another one.',
    params,
    body: z.strictObject({
      takesOthers,
      path: path.describe('of the file or folder'),
      target: z.string().describe('name of the other node'),
      targetPath: path.describe('where it goes there'),
      isFolder: z.boolean().default(false).describe('`targetPath` has to be a folder'),
    }),
    reply: lines(programLine),
  },
  'nodes.save': {
    method: 'POST',
    path: '/api/v1/nodes/:node/save',
    role: 'user',
    help: "Makes an image of the caller's of the one that a running node has, and of what changed there since it booted.",
    params,
    body: z.strictObject({ takesOthers, name: ownName, force: force.default(false) }),
    reply: lines(imageLine),
  },
  'nodes.connect': {
    method: 'POST',
    path: '/api/v1/nodes/:node/connect',
    role: 'user',
    help: 'Connects with a TCP port of a running node, as that itself reaches it. What goes there comes by `shells.type`.',
    params,
    body: z.strictObject({ takesOthers, port: z.int().min(1).max(65_535) }),
    reply: lines(programLine),
  },
  'nodes.blink': {
    method: 'POST',
    path: '/api/v1/nodes/:node/blink',
    role: 'user',
    help: 'Lets a light of a running node blink, until the time is over or the request ends.',
    params,
    body: z.strictObject({ takesOthers, seconds: z.int().min(1).max(3600).default(60) }),
    reply: lines(programLine),
  },
  'nodes.run': {
    method: 'POST',
    path: '/api/v1/nodes/run',
    role: 'user',
    help: 'Runs a command line on nodes. It ends everywhere when the request ends.',
    body: z.strictObject({
      names: z.array(z.string()).min(1).describe('of nodes, one or more'),
      takesOthers,
      command: z.string().min(1).max(100_000).describe('for the shell of each node'),
      parallel: z.int().min(1).max(MOST_PARALLEL).default(50).describe('so many nodes at once'),
      timeoutSeconds: z
        .number()
        .positive()
        .max(MOST_SECONDS)
        .optional()
        .describe('then it is ended on a node; without it there is no end'),
    }),
    reply: lines(runLine),
  },
} as const satisfies CallTable;
