// What systemd is told of the server: that it is ready, that it lives, that it stops (sd_notify(3)). Node has no datagram
// sockets of the unix kind, so `systemd-notify` says it. Without systemd nothing is said.
import { every } from '../clock/every.ts';
import { runProgram } from './program.ts';

/** Variables of this process by name, as `process.env`. */
type Environment = Record<string, string | undefined>;

/** What systemd said to a service that it started. */
export type ServiceOptions = {
  /** of systemd; none where systemd has not started this process */
  readonly socket?: string;
  /** systemd ends a server that is silent for so long; none where it does not watch */
  readonly watchdogMs?: number;
  /** the variables that said so, for a process that takes this one's place */
  readonly environment?: Readonly<Record<string, string>>;
};

/** Each message is in time though the machine is busy. */
const SIGNS_IN_TIME = 3;

/** The one who started the server. A message that does not get through is given to `onProblem`, and ends nothing. */
export class ServiceManager {
  readonly #options: ServiceOptions;
  readonly #onProblem: (reason: unknown) => void;

  constructor(options: ServiceOptions, onProblem: (reason: unknown) => void) {
    this.#options = options;
    this.#onProblem = onProblem;
  }

  /** From now on systemd takes the service for started, and expects signs of life. @returns ends these signs */
  async ready(): Promise<() => void> {
    await this.#say(`--pid=${process.pid}`, '--ready', '--status=serves walt-net');
    const { socket, watchdogMs } = this.#options;
    if (socket === undefined || watchdogMs === undefined) return () => undefined;
    return every(watchdogMs / SIGNS_IN_TIME, () => this.#say('WATCHDOG=1'), this.#onProblem);
  }

  async stopping(): Promise<void> {
    await this.#say('STOPPING=1', '--status=stops; nodes go on');
  }

  async #say(...words: string[]): Promise<void> {
    const { socket } = this.#options;
    if (socket === undefined) return;
    await runProgram('systemd-notify', words, { env: { NOTIFY_SOCKET: socket } }).catch(
      this.#onProblem,
    );
  }
}

/**
 * Reads what systemd said to this process, and takes it out of the environment: a container that the server starts would
 * wait for a message of its own there.
 */
export function takeServiceOptions(env: Environment, pid: number = process.pid): ServiceOptions {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: watched } = env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  if (!socket) return {};
  const isWatched = Number(usec) > 0 && (watched === undefined || watched === String(pid));
  const environment = {
    NOTIFY_SOCKET: socket,
    ...(isWatched ? { WATCHDOG_USEC: usec ?? '' } : {}),
  };
  return { socket, environment, ...(isWatched ? { watchdogMs: Number(usec) / 1000 } : {}) };
}
