// The server's side of the helper: mounts by asking for it.
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { messageOf, WaltError } from '../errors.ts';
import type { Mounter } from '../host/mounting/mounter.ts';
import { insideOf } from './paths.ts';
import type { HelperAnswer, HelperRequest } from './requests.ts';

/**
 * Asks the helper, and returns when all is done.
 * @param socket path of its socket
 * @throws {WaltError} with the reason, also where it cannot be reached
 */
export async function askHelper(socket: string, request: HelperRequest): Promise<HelperAnswer> {
  const answer: HelperAnswer = await answerTo(socket, request).catch((cause: unknown) => {
    throw new WaltError(
      `Cannot ask the helper at ${socket} for ${request.verb}: ${messageOf(cause)} (systemctl status walt-host.socket walt-host.service)`,
      { cause },
    );
  });
  if (answer.reason !== undefined) throw new WaltError(answer.reason);
  return answer;
}

/** Whether the clock of this machine is right, asked of the helper. @param socket path of its socket */
export function helperClock(socket: string): () => Promise<boolean> {
  return async () => (await askHelper(socket, { verb: 'clock' })).isSynchronised === true;
}

async function answerTo(path: string, request: HelperRequest): Promise<HelperAnswer> {
  const socket = connect(path);
  socket.write(`${JSON.stringify(request)}\n`);
  const answer = await text(socket);
  if (answer === '') throw new Error('it ended the connection without an answer');
  return JSON.parse(answer);
}

/**
 * @param socket path of the helper's socket
 * @param state folder of the server's state, as the configuration has it, without links
 */
export function helperMounter(socket: string, state: string): Mounter {
  const ask = async (request: HelperRequest) => void (await askHelper(socket, request));
  const inside = (path: string) => insideOf(state, path);
  return {
    mountErofs: (place, { file, data }) =>
      ask({
        verb: 'mount-erofs',
        ...{ place: inside(place), file: inside(file), data: data.map(inside) },
      }),
    mountExt4: (place, file, files) =>
      ask({ verb: 'mount-ext4', place: inside(place), file: inside(file), files }),
    unmount: (place) => ask({ verb: 'unmount', place: inside(place) }),
    releaseDevices: () => ask({ verb: 'release-devices' }),
    showMounts: (pid, places) => ask({ verb: 'show-mounts', pid, places: places.map(inside) }),
  };
}
