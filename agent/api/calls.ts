// The table of all API calls. From it come the routes of the server, the client of `walt`, the check of who may do
// what, and docs/api.md.
import { deviceCalls } from './calls/devices.ts';
import { imageCalls } from './calls/images.ts';
import { logCalls } from './calls/logs.ts';
import { nodeCalls } from './calls/nodes.ts';
import { serverCalls } from './calls/server.ts';
import { workshopCalls } from './calls/workshop.ts';

export const calls = {
  ...serverCalls,
  ...deviceCalls,
  ...nodeCalls,
  ...imageCalls,
  ...workshopCalls,
  ...logCalls,
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
