// Calls of `walt device …`.
import { z } from 'zod';
import type { CallTable } from './call.ts';

const deviceView = z.object({
  name: z.string(),
  ip: z.string(),
  mac: z.string().describe('empty for the server'),
  type: z.enum(['node', 'unknown', 'server']),
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
      takesOthers: z.boolean().optional().describe('also a node that belongs to another user'),
    }),
    reply: deviceView,
  },
} as const satisfies CallTable;
