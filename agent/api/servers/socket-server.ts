// The API on its unix socket, for the `walt` command of this machine.
import { lstat, rm } from 'node:fs/promises';
import type { RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { messageOf, WaltError } from '../../errors.ts';
import { makeFolders } from '../../host/folders/make-folders.ts';
import type { ApiAnswers, ApiOptions } from '../api-options.ts';
import { buildApi } from '../routes.ts';
import { laterAnswers } from './later-answers.ts';
import { groupNumber, openToGroup } from './socket-group.ts';

type Options = {
  /** its path; folders are made */
  readonly socket: string;
  /** whose members may use it; without it group `walt` where there is one */
  readonly group?: string;
  readonly onProblem: (reason: unknown) => void;
  readonly onCall?: ApiOptions['onCall'];
  /** bounds its connections, and what is sent ahead on one */
  readonly serverOf?: (handle: RequestListener) => Server;
};

/** One that has its routes, and no socket yet. */
export type PreparedApi = {
  /**
   * Answers on the socket until it is closed.
   * @throws {WaltError} if another server answers on the socket, something else is at its path, or there is no such group
   */
  readonly open: (answers: ApiAnswers) => Promise<{ close(): Promise<void> }>;
};

/** Answers on the socket at once; throws as `PreparedApi.open`. */
export async function startApiServer(answers: ApiAnswers, options: Options) {
  return await prepareApiServer(options).open(answers);
}

/** Makes the routes, which takes longer than all that comes then. */
export function prepareApiServer(options: Options): PreparedApi {
  const { socket, group, onProblem, onCall = () => undefined, serverOf } = options;
  const limited = serverOf === undefined ? {} : { serverOf };
  const later = laterAnswers();
  const api = buildApi(later.answers, { onProblem, onCall, ...limited });
  const [isReady, number] = [Promise.resolve(api.ready()), groupNumber(group)];
  // Whoever fails before it opens is told of by its own failure.
  for (const each of [isReady, number]) each.catch(() => undefined);
  return {
    open: async (answers) => {
      later.give(answers);
      await isReady;
      await makeFolders(dirname(socket)).catch((cause: unknown) => {
        throw unusable(socket, messageOf(cause), cause);
      });
      await removeStaleSocket(socket);
      await api.listen({ path: socket });
      try {
        await openToGroup(socket, group, number);
      } catch (reason) {
        await api.close();
        throw reason;
      }
      return { close: async () => await api.close() };
    },
  };
}

/** A socket that a killed server left behind is removed; one that is answered is another server's. */
async function removeStaleSocket(path: string): Promise<void> {
  const isAnswered = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
  if (isAnswered) {
    throw new WaltError(`Cannot start: another walt-server answers on ${path}. Stop it first.`);
  }
  const status = await lstat(path).catch(() => undefined);
  if (status !== undefined && !status.isSocket()) {
    throw unusable(path, 'something else is there, which is no socket');
  }
  await rm(path, { force: true });
}

function unusable(path: string, why: string, cause?: unknown): WaltError {
  return new WaltError(
    `Cannot listen at ${path}: ${why}. Name another path (api.socket).`,
    cause === undefined ? {} : { cause },
  );
}
