// Calls of `walt device …`.
import { z } from 'zod';
import { type CallTable, lines } from './call.ts';
import { programLine, terminal } from './lines/program-line.ts';

const deviceView = z.object({
  name: z.string(),
  ip: z.string(),
  mac: z.string().describe('empty for the server'),
  type: z.enum(['node', 'switch', 'unknown', 'server']),
  netsetup: z
    .enum(['LAN', 'NAT'])
    .nullable()
    .describe('`NAT`: it reaches other networks through the server; null for the server'),
  virtual: z.boolean().describe('a machine that this server runs, made by `walt node create`'),
  bootsLocal: z.boolean().describe('a node that starts from its own disk'),
  model: z.string().nullable().describe('announced by its boot loader'),
  serial: z.string().nullable().describe('of its board, where its firmware tells it'),
  note: z.string().nullable().describe('why an unknown device is no node, in words'),
});

/** A device as callers see it. */
export type DeviceView = z.output<typeof deviceView>;

/** Rows of the table of calls. */
export const deviceCalls = {
  'devices.list': {
    method: 'GET',
    path: '/api/v1/devices',
    role: 'viewer',
    help: 'The server, the nodes and the devices that are no nodes (yet).',
    reply: z.object({ devices: z.array(deviceView) }),
  },
  'devices.rename': {
    method: 'POST',
    path: '/api/v1/devices/:device/rename',
    role: 'user',
    help: 'Gives a device another name. The reply is the device.',
    params: z.strictObject({ device: z.string().describe('its name now') }),
    body: z.strictObject({
      name: z.string().describe('the new one: 2 to 63 letters, digits and dashes, a letter first'),
      takesOthers: z.boolean().optional().describe('also a node that belongs to another user'),
    }),
    reply: deviceView,
  },
  'devices.forget': {
    method: 'POST',
    path: '/api/v1/devices/:device/forget',
    role: 'user',
    help: 'Forgets a device with its boots. If it comes back, it is a new one. The reply is the device as it was.',
    params: z.strictObject({ device: z.string().describe('its name') }),
    body: z.strictObject({
      force: z.boolean().optional().describe('also a node that has booted before'),
      removesKept: z
        .boolean()
        .optional()
        .describe('remove what the node kept on the server (setting mount.persist), of all owners'),
      takesOthers: z
        .boolean()
        .optional()
        .describe('also a node that belongs to another user, or keeps files of one'),
    }),
    reply: deviceView,
  },
  'devices.kept': {
    method: 'GET',
    path: '/api/v1/devices/:device/kept',
    role: 'viewer',
    help: 'Whose files a device keeps on the server (setting mount.persist), which outlast its setting.',
    params: z.strictObject({ device: z.string().describe('its name') }),
    reply: z.object({ owners: z.array(z.string()).describe('`waltplatform` for a free node') }),
  },
  'devices.ping': {
    method: 'POST',
    path: '/api/v1/devices/:device/ping',
    role: 'user',
    help: 'Asks a device by ping(8) on the server whether it is there. Status 1 says that nothing came back.',
    params: z.strictObject({ device: z.string().describe('its name') }),
    body: z.strictObject({
      count: z.int().min(1).max(1000).default(10).describe('how often it is asked, once a second'),
    }),
    reply: lines(programLine),
  },
  'devices.shell': {
    method: 'POST',
    path: '/api/v1/devices/:device/shell',
    role: 'operator',
    help: "Opens a shell on a device that is no node, by ssh(1) on the server with the server's key or a password that is typed.",
    params: z.strictObject({ device: z.string().describe('its name') }),
    body: z.strictObject({
      account: z
        .string()
        .regex(/^[a-z_][a-z0-9_.-]{0,31}$/i, 'expected the name of an account')
        .default('root')
        .describe('on the device'),
      terminal: terminal.optional().describe('without it the shell has pipes'),
    }),
    reply: lines(programLine),
  },
} as const satisfies CallTable;
