// What `walt node config` and `walt device config` ask for.
import { z } from 'zod';
import { AUDIENCES, EFFECTS } from '../../settings/setting.ts';
import { SETTING_KEYS } from '../../settings/table.ts';
import { type CallTable, ROLES } from './call.ts';

const key = z.enum(SETTING_KEYS);
const effect = z
  .enum(Object.keys(EFFECTS) as (keyof typeof EFFECTS)[])
  .describe('when it takes effect');
const names = z.array(z.string()).min(1).describe('one or more');

const settingView = z.object({
  key,
  help: z.string(),
  form: z.string().describe('what its values are, in words'),
  default: z.string(),
  for: z.enum(Object.keys(AUDIENCES) as (keyof typeof AUDIENCES)[]),
  effect,
  role: z.enum(ROLES).describe('the least that may change it'),
  offered: z.array(z.string()).describe('some of its values'),
});

const shown = z.object({
  devices: z.array(
    z.object({
      name: z.string(),
      settings: z.array(
        z.object({
          key,
          value: z.string(),
          isDefault: z.boolean().describe('nobody has set it'),
          isHidden: z
            .boolean()
            .optional()
            .describe('it may open something, and is shown to those alone who may set it'),
          help: z.string(),
        }),
      ),
    }),
  ),
});

const changing = z.strictObject({
  names,
  settings: z
    .record(z.string(), z.string())
    .refine((given) => Object.keys(given).length > 0, 'expected one or more of them')
    .describe('values by their keys, as `{"ram": "2G"}`'),
  takesOthers: z.boolean().optional().describe('also nodes that belong to other users'),
  losesData: z
    .boolean()
    .optional()
    .describe('also where disks of virtual nodes go, with what is on them'),
});

const changed = z.object({
  devices: z.array(
    z.object({
      name: z.string(),
      isRunning: z.boolean().describe('as far as is known'),
      changes: z
        .array(z.object({ key, from: z.string(), to: z.string(), effect }))
        .describe('empty where it had all of it before'),
    }),
  ),
});

/** A row of the table of settings as callers see it. */
export type SettingView = z.output<typeof settingView>;

/** Rows of the table of calls. */
export const settingCalls = {
  'settings.list': {
    method: 'GET',
    path: '/api/v1/settings',
    role: 'viewer',
    help: 'What can be set of devices.',
    reply: z.object({ settings: z.array(settingView) }),
  },
  'nodes.settings': {
    method: 'POST',
    path: '/api/v1/nodes/settings',
    role: 'viewer',
    help: 'The settings of nodes. What may open something is shown to role `operator` alone.',
    body: z.strictObject({ names }),
    reply: shown,
  },
  'nodes.config': {
    method: 'POST',
    path: '/api/v1/nodes/config',
    role: 'user',
    help: 'Changes settings of nodes: of all that are named, or of none. Those by which the server reaches hardware take role `operator`.',
    body: changing,
    reply: changed,
  },
  'devices.settings': {
    method: 'POST',
    path: '/api/v1/devices/settings',
    role: 'viewer',
    help: 'The settings of devices. What may open something is shown to role `operator` alone.',
    body: z.strictObject({ names }),
    reply: shown,
  },
  'devices.config': {
    method: 'POST',
    path: '/api/v1/devices/config',
    role: 'user',
    help: 'Changes settings of devices: of all that are named, or of none. Those by which the server reaches hardware take role `operator`.',
    body: changing,
    reply: changed,
  },
} as const satisfies CallTable;
