// The table of all API calls. From it come the routes of the server, the client of `walt`, the check of who may do
// what, and docs/api.md.

import { deviceCalls } from './calls/devices.ts';
import { doctorCalls } from './calls/doctor.ts';
import { eventCalls } from './calls/events.ts';
import { imageCalls } from './calls/images.ts';
import { logCalls } from './calls/logs.ts';
import { mediaCalls } from './calls/media.ts';
import { nodeCalls } from './calls/nodes.ts';
import { accessCalls } from './calls/people/access.ts';
import { consoleCalls } from './calls/people/consoles.ts';
import { sessionCalls } from './calls/people/sessions.ts';
import { shellCalls } from './calls/people/shells.ts';
import { userCalls } from './calls/people/users.ts';
import { serverCalls } from './calls/server.ts';
import { settingCalls } from './calls/settings.ts';
import { sqlCalls } from './calls/sql.ts';
import { switchCalls } from './calls/switches.ts';
import { uploadCalls } from './calls/uploads.ts';
import { workshopCalls } from './calls/workshop.ts';

export const calls = {
  ...serverCalls,
  ...doctorCalls,
  ...deviceCalls,
  ...nodeCalls,
  ...accessCalls,
  ...consoleCalls,
  ...settingCalls,
  ...switchCalls,
  ...imageCalls,
  ...shellCalls,
  ...workshopCalls,
  ...uploadCalls,
  ...mediaCalls,
  ...logCalls,
  ...eventCalls,
  ...sqlCalls,
  ...userCalls,
  ...sessionCalls,
} as const;

/** The rows, by name. */
export type Calls = typeof calls;
/** As `nodes.reboot`. */
export type CallName = keyof Calls;
