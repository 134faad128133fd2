// The API of the server's socket with its routes, for which nothing else of the server has to be there yet.
import { resolve } from 'node:path';
import type { MadeCall } from '../../api/api-options.ts';
import { auditOf } from '../../api/audit.ts';
import { type PreparedApi, prepareApiServer } from '../../api/servers/socket-server.ts';
import type { Config } from '../../config/config.ts';
import type { Publish } from '../../events/publisher.ts';
import { limitedServer } from '../../net/limits/limited-server.ts';
import type { OnLimit } from '../../net/limits/table.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = { readonly publish: Publish; readonly problem: Problem; readonly onLimit: OnLimit };

/** Nobody reaches it before it is opened. */
export function prepareApi(
  { api: { socket, group } }: Pick<Config, 'api'>,
  { publish, problem, onLimit }: Parts,
): PreparedApi {
  return prepareApiServer({
    ...{ socket: resolve(socket), onProblem: problem('api'), onCall: auditBy(publish) },
    ...(group === undefined ? {} : { group }),
    serverOf: (handle) => limitedServer(handle, { onLimit }),
  });
}

/** Publishes what somebody did that is to be known later. */
export function auditBy(publish: Publish): (made: MadeCall) => void {
  return (made) => {
    const event = auditOf(made);
    if (event !== undefined) publish([event]);
  };
}
