// Tells another server by HTTP what happened: one POST of JSON after the other, from a queue that has an end. Nobody waits for it.
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';

type Options = {
  readonly url: string;
  /** told of a message that could not be delivered */
  readonly onProblem: (reason: unknown) => void;
  /** milliseconds for one POST; and from one try to the next, twice as long each time */
  readonly timeoutMs?: number;
  readonly pauseMs?: number;
};

/** Messages that wait; what comes when so many do is dropped. */
export const MOST_WAITING = 100;
/** Times that a message is sent, until it is given up. */
export const MOST_TRIES = 5;

/** Sends messages until it is stopped. */
export class Webhook {
  readonly #options: Required<Options>;
  readonly #waiting: string[] = [];
  readonly #end = new AbortController();
  #sending: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = { timeoutMs: 10_000, pauseMs: 2000, ...options };
  }

  /** Queues a message; returns at once. @param message as JSON takes it */
  tell(message: object): void {
    if (this.#end.signal.aborted) return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.#options.onProblem(new Error(`${MOST_WAITING} messages wait; this one is dropped`));
      return;
    }
    this.#waiting.push(JSON.stringify(message));
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Sends nothing any more. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let body = this.#waiting[0]; body !== undefined; body = this.#waiting[0]) {
      await this.#deliver(body);
      this.#waiting.shift();
      if (this.#end.signal.aborted) return;
    }
  }

  async #deliver(body: string): Promise<void> {
    const { onProblem, pauseMs } = this.#options;
    const { signal } = this.#end;
    for (let time = 0; time < MOST_TRIES && !signal.aborted; time += 1) {
      if (time > 0) await sleep(pauseMs * 2 ** (time - 1), undefined, { signal }).catch(() => 0);
      const problem = await this.#send(body);
      if (problem === undefined || signal.aborted) return;
      if (time === MOST_TRIES - 1) onProblem(new Error(`Cannot deliver a message: ${problem}`));
    }
  }

  /** Follows no redirect: another server than the one that the configuration names is told nothing. */
  async #send(body: string): Promise<string | undefined> {
    const { url, timeoutMs } = this.#options;
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(timeoutMs)]);
    const headers = { 'content-type': 'application/json' };
    try {
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body,
        signal,
      });
      await answer.body?.cancel();
      return answer.ok ? undefined : `it answers ${answer.status}`;
    } catch (reason) {
      const cause = reason instanceof Error ? (reason.cause ?? reason) : reason;
      return messageOf(cause);
    }
  }
}
