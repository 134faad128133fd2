// What systemd is told of the server: that it is ready, that it lives, that it stops (sd_notify(3)). This process says it itself, so that
// a unit has to listen to nobody else (`NotifyAccess=main`); where it cannot (agent/net/ffi), `systemd-notify` does. Without systemd
// nothing is said.
import { WaltError } from '../errors.ts';
import { every } from '../host/clock/every.ts';
import { runProgram } from '../host/processes/program.ts';
import { sendUnixDatagram } from '../net/ffi/unix-datagram.ts';

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
    await this.#say(`MAINPID=${process.pid}`, 'READY=1', 'STATUS=serves walt-net');
    const { socket, watchdogMs } = this.#options;
    if (socket === undefined || watchdogMs === undefined) return () => undefined;
    return every(watchdogMs / SIGNS_IN_TIME, () => this.#say('WATCHDOG=1'), this.#onProblem);
  }

  /** Another process is the service from now on: systemd listens to it alone. */
  async isNow(pid: number): Promise<void> {
    await this.#say(`MAINPID=${pid}`);
  }

  async stopping(): Promise<void> {
    await this.#say('STOPPING=1', 'STATUS=stops; nodes go on');
  }

  async #say(...words: string[]): Promise<void> {
    const { socket } = this.#options;
    if (socket === undefined) return;
    const failure = await sendUnixDatagram(socket, words.join('\n'));
    if (failure === undefined) return;
    if (failure.isMissing) await this.#sayByProgram(socket, words);
    else this.#onProblem(new WaltError(failure.reason));
  }

  async #sayByProgram(socket: string, words: readonly string[]): Promise<void> {
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
