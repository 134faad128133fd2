// A node as callers see it: where it stands, its machine, its boots.
import { z } from 'zod';

/** A node. */
export const nodeView = z.object({
  name: z.string(),
  type: z
    .enum(['physical', 'virtual'])
    .describe('`virtual`: a machine that this server runs, made by `walt node create`'),
  model: z.string(),
  image: z.string().describe('that it boots'),
  owner: z.string().describe('`waltplatform` for a free node'),
  ip: z.string(),
  mac: z.string(),
  netsetup: z.enum(['LAN', 'NAT']).describe('`NAT`: it reaches other networks through the server'),
  bootsLocal: z
    .boolean()
    .describe('it starts from its own disk, until it is given an image; its image and owner stay'),
  poweredOff: z
    .boolean()
    .describe(
      'a virtual node that somebody turned off, or that turned itself off: it stays so until it is powered on',
    ),
  booted: z.boolean(),
  state: z
    .enum([
      ...(['never-booted', 'dhcp', 'files', 'stalled', 'mounted', 'booted'] as const),
      ...(['unconfirmed', 'down', 'local', 'asleep'] as const),
    ])
    .describe(
      'how far its last boot has come; `stalled`: its loader has said nothing for ten minutes; `unconfirmed`: it was ' +
        'booted when the server stopped, and has not said yet that it still is; `local`: it was told to start from its own ' +
        'disk, and says no more; `asleep`: it was switched off to save power, and is woken when somebody wants it',
    ),
  since: z
    .number()
    .nullable()
    .describe('when its last boot began, microseconds since 1970, UTC; null where it never did'),
});

/** How the machine of a virtual node stands. */
export const machineView = z.object({
  isOn: z.boolean(),
  accelerator: z
    .enum(['kvm', 'tcg'])
    .nullable()
    .describe('how it runs: `tcg` is emulation, about ten times slower; null where it is off'),
  isOutdated: z.boolean().describe('it gets its new hardware when it reboots or is power-cycled'),
  trouble: z
    .string()
    .nullable()
    .describe('why it is not on though it should be, or what is wrong with it'),
});

/** A stage of a boot. */
export const stageView = z
  .looseObject({ at: z.number().describe('microseconds since 1970, UTC'), stage: z.string() })
  .describe('a stage of its last boot; further fields depend on the stage');

/** A boot that is over, or under way. */
export const bootView = z.object({
  started: z.number().describe('microseconds since 1970, UTC'),
  result: z.enum(['booted', 'failed', 'under-way']),
  took: z.number().nullable().describe('microseconds until it was up; null where it never was'),
  retries: z.number().describe('packets of its files that were sent again'),
  image: z
    .string()
    .nullable()
    .describe('key of the content of the image that it loaded; null where that is not known'),
  reason: z.string().nullable().describe('why it failed, or what ended it'),
  advice: z.string().nullable().describe('what to look at; null where it did not fail'),
});

/** How long a leg of a boot takes, as was learnt. */
export const expectedView = z.object({
  leg: z.string().describe('`first-file`, `next-file`, `mount` or `system`'),
  median: z.number().describe('of the last good boots, microseconds'),
  limit: z.number().describe('a boot that takes longer for it has stopped; microseconds'),
  count: z.number().describe('how many boots it is learnt from'),
});

/** How the machine of a virtual node stands, as callers see it. */
export type MachineView = z.output<typeof machineView>;
/** A node as callers see it. */
export type NodeView = z.output<typeof nodeView>;
/** A stage of a boot as callers see it. */
export type StageView = z.output<typeof stageView>;
