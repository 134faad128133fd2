// The server's side of the name server that the runner runs.
import { WaltError } from '../../errors.ts';
import { NotInstalledError } from '../../names/dnsmasq.ts';
import type { NameProcess } from '../../names/name-process.ts';
import { brokenOff } from '../reach.ts';
import { openSession, type Session } from './session.ts';

/** Ends with the connection to the runner. */
export class UnitNameProcess implements NameProcess {
  readonly #socket: string;
  #session: Session | undefined;
  /** of the last process: resolves when nothing of it is left */
  #over: Promise<unknown> = Promise.resolve();
  #reason: WaltError | undefined;

  /** @param socket path of the runner's */
  constructor(socket: string) {
    this.#socket = socket;
  }

  get isRunning(): boolean {
    return this.#session !== undefined;
  }

  async start(): Promise<void> {
    await this.stop();
    const session = await openSession(this.#socket, { verb: 'names' });
    const { value: first } = await session.answers.next();
    if (first === undefined || !('result' in first)) {
      session.close();
      throw refusal(first);
    }
    this.#reason = undefined;
    this.#session = session;
    this.#over = this.#follow(session);
  }

  ended(): Promise<unknown> {
    return this.#over;
  }

  reason(): WaltError {
    return this.#reason ?? brokenOff('runner');
  }

  reload(): void {
    this.#session?.send({ order: 'reload' });
  }

  /** Nothing of it is left when the promise resolves. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.#session?.send({ order: 'stop', signal });
    this.#session = undefined;
    await this.#over;
  }

  async #follow(session: Session): Promise<void> {
    for await (const answer of session.answers) {
      if (!('ended' in answer)) continue;
      this.#reason = answer.isMissing
        ? new NotInstalledError(answer.ended)
        : new WaltError(answer.ended);
    }
    if (this.#session === session) this.#session = undefined;
  }
}

function refusal(answer: object | undefined): WaltError {
  if (answer === undefined || !('reason' in answer)) return brokenOff('runner');
  const isMissing = 'isMissing' in answer && answer.isMissing === true;
  return isMissing
    ? new NotInstalledError(String(answer.reason))
    : new WaltError(String(answer.reason));
}
