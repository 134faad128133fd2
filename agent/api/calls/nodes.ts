// Calls of `walt node …`.
import { z } from 'zod';
import { POWER_STATES, POWER_VERBS } from '../../power/driver.ts';
import { type CallTable, lines } from './call.ts';
import { bootView, expectedView, machineView, nodeView, stageView } from './views/node-view.ts';

const names = z.array(z.string()).min(1).describe('of nodes, one or more');

/** What is done to nodes; `boot` names an image of the caller's besides, `acquire` and `release` know theirs. */
const switching = z.strictObject({
  names,
  takesOthers: z.boolean().optional().describe('also nodes that belong to other users'),
});

const rebooted = {
  kind: z.literal('node'),
  name: z.string(),
  error: z.string().nullable().describe('why it could not be done; null where it was'),
};

const done = z.object({ kind: z.literal('done').describe('these were all') });

const switched = z.object({
  nodes: z.array(
    z.object({
      name: z.string(),
      image: z.string().describe('that it boots from now on, or keeps while it is local'),
      isLocal: z.boolean().describe('it starts from its own disk from now on'),
      wasLocal: z.boolean().describe('it was to start from its own disk before'),
      isSame: z.boolean().describe('it did the same before'),
      isBooted: z.boolean().describe('it runs, and has to reboot to get the image'),
    }),
  ),
});

/** Rows of the table of calls. */
export const nodeCalls = {
  'nodes.list': {
    method: 'GET',
    path: '/api/v1/nodes',
    role: 'viewer',
    help: 'All nodes.',
    reply: z.object({ nodes: z.array(nodeView) }),
  },
  'nodes.show': {
    method: 'GET',
    path: '/api/v1/nodes/:node',
    role: 'viewer',
    help: 'One node, and the stages of its last boot.',
    params: z.strictObject({ node: z.string().describe('its name') }),
    reply: z.object({
      node: nodeView,
      stages: z.array(stageView),
      failures: z
        .string()
        .nullable()
        .describe(
          'how often it has begun to boot since it was last up, and how these boots ended; null where they are three at most',
        ),
      secureBoot: z
        .string()
        .nullable()
        .describe(
          "what a machine with Secure Boot says to the kernel of the node's image; null where it starts none by that way",
        ),
      boots: z.array(bootView).describe('its last ten boots, newest first'),
      expected: z
        .array(expectedView)
        .describe('how long the legs of a boot of its model and image take, where that is known'),
      legs: z
        .array(z.object({ leg: z.string(), took: z.number(), help: z.string() }))
        .describe('of its last boot, as far as it came; microseconds'),
      quarantine: z
        .string()
        .nullable()
        .describe('why it is helped no more though it does not come up; null where it is not so'),
      kexecFailed: z
        .number()
        .nullable()
        .describe(
          'when it last did not come up by kexec with the image that it boots next: it reboots by its firmware; microseconds, null where it is not so',
        ),
      machine: machineView.nullable().describe('of a virtual node, how its machine stands'),
    }),
  },
  'nodes.reliability': {
    method: 'GET',
    path: '/api/v1/reliability',
    role: 'viewer',
    help: 'How reliably the nodes boot, counted since they are known.',
    reply: z.object({
      nodes: z.array(
        z.object({
          name: z.string(),
          boots: z.number().describe('that came up'),
          failures: z
            .array(z.object({ kind: z.string(), count: z.number() }))
            .describe('boots that did not come up, by where they stopped'),
          longest: z.number().describe('microseconds that its longest boot took'),
          healed: z.number().describe('how often it was up again after it was helped'),
          reliability: z
            .number()
            .nullable()
            .describe('part of its boots that came up, 0 to 1; null where there was none'),
        }),
      ),
    }),
  },
  'nodes.create': {
    method: 'POST',
    path: '/api/v1/nodes',
    role: 'user',
    help: "Makes a virtual node, which is the caller's, and powers it on. It boots as a PC does.",
    body: z.strictObject({
      name: z.string().describe('2 to 63 letters, digits and dashes, a letter first'),
      settings: z
        .record(z.string(), z.string())
        .optional()
        .describe('values by their keys, as `{"ram": "2G"}`; all else has its default'),
    }),
    reply: z.object({
      ...{ name: z.string(), ip: z.string(), mac: z.string() },
      image: z.string().nullable().describe('that it boots; null where it waits for one'),
      note: z.string().nullable().describe('why it waits, in words'),
    }),
  },
  'nodes.remove': {
    method: 'POST',
    path: '/api/v1/nodes/:node/remove',
    role: 'user',
    help: 'Removes a virtual node, with its disks. The reply says what it had.',
    params: z.strictObject({ node: z.string().describe('its name') }),
    body: z.strictObject({
      takesOthers: z.boolean().optional().describe('also one that belongs to another user'),
    }),
    reply: z.object({ ip: z.string(), mac: z.string() }),
  },
  'nodes.rename': {
    method: 'POST',
    path: '/api/v1/nodes/:node/rename',
    role: 'user',
    help: 'Gives a node another name. The reply is the node.',
    params: z.strictObject({ node: z.string().describe('its name now') }),
    body: z.strictObject({
      name: z.string().describe('the new one: 2 to 63 letters, digits and dashes, a letter first'),
      takesOthers: z.boolean().optional().describe('also one that belongs to another user'),
    }),
    reply: nodeView,
  },
  'nodes.reboot': {
    method: 'POST',
    path: '/api/v1/nodes/reboot',
    role: 'user',
    help: 'Asks the running system of nodes to reboot, or does it by their power. A line for each node as it is done.',
    body: switching.extend({
      hard: z.boolean().optional().describe('by the power driver of each node, unasked'),
    }),
    reply: lines(z.discriminatedUnion('kind', [z.object(rebooted), done])),
  },
  'nodes.power': {
    method: 'POST',
    path: '/api/v1/nodes/power',
    role: 'user',
    help: 'Switches the power of nodes by their power drivers, or asks how it stands. A line for each node as it is done.',
    body: switching.extend({ verb: z.enum(POWER_VERBS) }),
    reply: lines(
      z.discriminatedUnion('kind', [
        z.object({
          ...rebooted,
          state: z.enum(POWER_STATES).nullable().describe('what `status` has found, else null'),
        }),
        done,
      ]),
    ),
  },
  'nodes.wait': {
    method: 'POST',
    path: '/api/v1/nodes/wait',
    role: 'viewer',
    help: 'Answers when all are booted or the time is over. Nodes that sleep are woken, but not for a viewer.',
    body: z.strictObject({ names, timeoutSeconds: z.number().min(0).max(60) }),
    reply: z.object({ missing: z.array(z.string()).describe('names of those not booted yet') }),
  },
  'nodes.boot': {
    method: 'POST',
    path: '/api/v1/nodes/boot',
    role: 'user',
    help: "Lets nodes boot an image of the caller's: they are the caller's then.",
    body: switching.extend({ image: z.string().describe("an image of the caller's, as `web:v2`") }),
    reply: switched,
  },
  'nodes.bootLocal': {
    method: 'POST',
    path: '/api/v1/nodes/boot-local',
    role: 'user',
    help: 'Lets nodes start from their own disks, until they are given an image. They keep the images that they have, and their owners.',
    body: switching,
    reply: switched,
  },
  'nodes.acquire': {
    method: 'POST',
    path: '/api/v1/nodes/acquire',
    role: 'user',
    help: "Makes nodes the caller's: they boot the caller's clone of the default image of their model.",
    body: switching,
    reply: switched,
  },
  'nodes.release': {
    method: 'POST',
    path: '/api/v1/nodes/release',
    role: 'user',
    help: 'Gives nodes back: they boot the default image of their model and are free.',
    body: switching.extend({
      wakes: z
        .boolean()
        .optional()
        .describe('gives power to nodes that were switched off to save it, as `boot` does'),
    }),
    reply: switched,
  },
} as const satisfies CallTable;
