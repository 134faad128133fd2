// Calls about switches, and what is behind their ports.
import { z } from 'zod';
import type { CallTable } from './call.ts';

const portView = z.object({
  port: z.number().describe('its number'),
  name: z.string().describe('that a person gave it, or else that the switch has for it'),
  isNamed: z.boolean().describe('a person gave it'),
  poe: z.boolean().describe('it can give power'),
  isLink: z.boolean().describe('it leads to the server or to another switch'),
  devices: z
    .array(z.string())
    .describe('names of what was seen behind it last, and MACs of what has no name'),
});

const switchView = z.object({
  name: z.string(),
  above: z
    .object({ switch: z.string(), port: z.string() })
    .nullable()
    .describe('the switch that it is behind, and the port there; null where none is known'),
  error: z
    .string()
    .nullable()
    .describe(
      'why it did not answer; null where it did, or has not been asked since the server started',
    ),
  waiting: z.number().describe('ports that wait for their turn to get power'),
  learnt: z
    .array(
      z.object({
        model: z.string().describe('empty of boards whose model is not known'),
        watts: z
          .number()
          .nullable()
          .describe('that one may take; null: not learnt, the class of its port counts'),
        gap: z.number().describe('milliseconds between two boards that get their power'),
        boards: z.number().describe('how many the gap is learnt from'),
      }),
    )
    .describe('what boards of each model take at this switch'),
  ports: z.array(portView),
});

const device = z.string().describe('its name');

/** A switch as callers see it. */
export type SwitchView = z.output<typeof switchView>;

/** Rows of the table of calls. */
export const switchCalls = {
  'devices.rescan': {
    method: 'POST',
    path: '/api/v1/devices/rescan',
    role: 'user',
    help: 'Asks all switches what is behind their ports, at the same time. Answers when each has answered or been given up.',
    body: z.strictObject({}),
    reply: z.object({
      switches: z.array(
        z.object({
          name: z.string(),
          error: z.string().nullable().describe('why it did not answer; null where it did'),
        }),
      ),
    }),
  },
  'devices.tree': {
    method: 'GET',
    path: '/api/v1/devices/tree',
    role: 'viewer',
    help: 'What is behind which port of which switch, as far as is known. No switch is asked.',
    reply: z.object({
      switches: z.array(switchView),
      unplaced: z.array(z.string()).describe('devices of which no switch has said where they are'),
    }),
  },
  'devices.ports': {
    method: 'GET',
    path: '/api/v1/devices/:device/ports',
    role: 'viewer',
    help: 'The ports of a switch. It is asked where it has not been since the server started.',
    params: z.strictObject({ device }),
    reply: switchView,
  },
  'devices.namePort': {
    method: 'POST',
    path: '/api/v1/devices/:device/name-port',
    role: 'user',
    help: 'Gives a port of a switch a name. The reply is the switch.',
    params: z.strictObject({ device }),
    body: z.strictObject({
      port: z.string().describe('its number, or its name now'),
      name: z.string().max(64).describe('the new one; empty: the one that the switch has for it'),
    }),
    reply: switchView,
  },
  'devices.credentials': {
    method: 'POST',
    path: '/api/v1/devices/:device/credentials',
    role: 'operator',
    help: 'Tells the server by what it proves to a device who it is. They are kept in a file that the server alone reads, and are never answered.',
    params: z.strictObject({ device }),
    body: z.strictObject({
      user: z.string().max(64).describe('an account; empty with SNMP 1 and 2c'),
      password: z
        .string()
        .max(256)
        .describe('or community; empty: there are no credentials any more'),
      privacy: z.string().max(256).describe('passphrase of the encryption of SNMP 3, or empty'),
    }),
    reply: z.object({ isKnown: z.boolean().describe('there are credentials now') }),
  },
} as const satisfies CallTable;
