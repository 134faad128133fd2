// Speaks SNMP to one machine for a while: what is asked has an end, whatever the machine answers.
import snmp, { type Session, type Varbind } from 'net-snmp';
import { messageOf, WaltError } from '../errors.ts';
import type { SnmpTarget } from './access.ts';
import { follows, indexBelow } from './oid.ts';
import { openSession, PATIENCE, type Patience } from './session.ts';

/** What an object is: octets as they came, names of objects and addresses as text. */
export type SnmpValue = number | Uint8Array | string;

/** An object of a table: the numbers behind the name of its column, and what it is. */
export type SnmpRow = { readonly index: readonly number[]; readonly value: SnmpValue };

/** What is to be written; an integer. */
export type SnmpChange = { readonly oid: string; readonly value: number };

/** A machine does not answer, or not so that it could be understood. */
export class SnmpError extends WaltError {
  override name = 'SnmpError' as const;
  /** no answer came: an order may have been obeyed all the same */
  readonly isSilent: boolean;

  constructor(message: string, { isSilent = false } = {}) {
    super(message);
    this.isSilent = isSilent;
  }
}

/** A table of a switch with 48 ports and all that is behind them has some thousand rows. */
const MOST_ROWS = 20_000;
const LONGEST_VALUE = 2048;
/** A whole conversation may take so long. */
const MOST_MS = 20_000;
/** Rows in one answer. */
const AT_ONCE = 20;

/** One conversation. */
export class SnmpClient {
  readonly #target: SnmpTarget;
  readonly #patience: Patience;
  readonly #until = performance.now() + MOST_MS;
  #session: Session;
  /** ends what waits, where an answer was nonsense */
  #fail: ((why: Error) => void) | undefined;

  constructor(target: SnmpTarget, patience: Patience) {
    this.#target = target;
    this.#patience = patience;
    this.#session = this.#open();
  }

  /** What these objects are; undefined of those that the machine does not have. @throws {SnmpError} */
  async get(oids: readonly string[]): Promise<(SnmpValue | undefined)[]> {
    const found = await this.#ask<Varbind[]>((session, done) => session.get([...oids], done)).catch(
      (reason: unknown) => {
        // Version 1 has no other word for what is not there (RFC 1157 §4.1.2).
        if (/NoSuchName/.test(messageOf(reason))) return oids.map(() => undefined);
        throw reason;
      },
    );
    return found.map((one) => (one && !snmp.isVarbindError(one) ? this.#value(one) : undefined));
  }

  /** All objects below a column of a table, in order; none where the machine does not have it. @throws {SnmpError} */
  async walk(base: string): Promise<SnmpRow[]> {
    const rows: SnmpRow[] = [];
    for (let at = base; ; ) {
      const found = await this.#next(at);
      if (found.length === 0) return rows;
      for (const one of found) {
        const index = indexBelow(base, one.oid);
        if (snmp.isVarbindError(one) || index === undefined) return rows;
        if (!follows(at, one.oid)) throw this.#error('its answers to a walk go round in circles');
        if (rows.length >= MOST_ROWS)
          throw this.#error(`one table has more than ${MOST_ROWS} rows`);
        rows.push({ index, value: this.#value(one) });
        at = one.oid;
      }
    }
  }

  /** Writes objects, all of them or none. @throws {SnmpError} */
  async set(changes: readonly SnmpChange[]): Promise<void> {
    const type = snmp.ObjectType.Integer ?? 2;
    const varbinds = changes.map((change) => ({ ...change, type }));
    await this.#ask<Varbind[]>((session, done) => session.set(varbinds, done), { isWrite: true });
  }

  /**
   * Writes an object by which the machine does something each time: it is sent once, and not again where no answer comes. Something has
   * to have been asked before in this conversation. @throws {SnmpError}
   */
  async order({ oid, value }: SnmpChange): Promise<void> {
    const { timeout, retries } = this.#patience;
    // As long as all tries of a question together.
    Object.assign(this.#session, { retries: 0, timeout: timeout * (retries + 1) });
    try {
      const varbind = { oid, value, type: snmp.ObjectType.Integer ?? 2 };
      await this.#ask<Varbind[]>((session, done) => session.set([varbind], done), {
        isWrite: true,
        isOrder: true,
      });
    } finally {
      Object.assign(this.#session, { retries, timeout });
    }
  }

  /** Ends the conversation. */
  close(): void {
    this.#session.close();
  }

  async #next(oid: string): Promise<Varbind[]> {
    if (this.#target.access.version !== '1') {
      const columns = await this.#ask<Varbind[][]>((session, done) =>
        session.getBulk([oid], 0, AT_ONCE, done),
      );
      return columns[0] ?? [];
    }
    try {
      return await this.#ask<Varbind[]>((session, done) => session.getNext([oid], done));
    } catch (reason) {
      // The end of everything, in version 1.
      if (/NoSuchName/.test(messageOf(reason))) return [];
      throw reason;
    }
  }

  /** Version 3 counts restarts of the machine: one that has restarted meanwhile is asked anew who it is, once. */
  async #ask<Answer>(
    question: Question<Answer>,
    { isWrite = false, isOrder = false } = {},
  ): Promise<Answer> {
    if (performance.now() > this.#until)
      throw this.#error(`it takes longer than ${MOST_MS / 1000} s`);
    try {
      return await this.#put(question);
    } catch (reason) {
      if (isOrder || this.#target.access.version !== '3' || !hasRestarted(reason)) {
        throw this.#said(reason, isWrite);
      }
      this.#session.close();
      this.#session = this.#open();
      return await this.#put(question).catch((again: unknown) => {
        throw this.#said(again, isWrite);
      });
    }
  }

  #put<Answer>(question: Question<Answer>): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#fail = reject;
    question(this.#session, (error, answer) => (error === null ? resolve(answer) : reject(error)));
    return promise;
  }

  #open(): Session {
    const onNonsense = (why: Error) =>
      this.#fail?.(new SnmpError(nonsense(why), { isSilent: true }));
    const session = openSession(this.#target, { ...this.#patience, onNonsense });
    session.on('error', onNonsense);
    return session;
  }

  #value({ value }: Varbind): SnmpValue {
    if (typeof value === 'number' || typeof value === 'string') return value;
    if (!(value instanceof Uint8Array)) throw this.#error('an object of it has no value');
    if (value.length > LONGEST_VALUE) throw this.#error('an object of it is far too long');
    return value;
  }

  #said(reason: unknown, isWrite: boolean): SnmpError {
    if (reason instanceof SnmpError) return this.#error(reason.message, reason);
    // net-snmp has errors whose message is no text.
    const text = String(messageOf(reason));
    const { version } = this.#target.access;
    if (!/timed out/i.test(text)) {
      const who = version === '3' ? 'user' : 'community';
      const hint = isWrite ? `; power needs a ${who} that may write` : '';
      return this.#error(`it refuses: ${text.slice(0, 200)}${hint}`);
    }
    const what = version === '3' ? 'its user and passphrases are' : 'snmp.community is';
    return this.#error(
      `it does not answer SNMP ${version}: see that it is on, that SNMP is enabled there for this server, and that ${what} right`,
      { isSilent: true },
    );
  }

  #error(what: string, { isSilent = false } = {}): SnmpError {
    const { name, ip } = this.#target;
    return new SnmpError(`Cannot ask ${name} (${ip}): ${what}`, { isSilent });
  }
}

type Question<Answer> = (
  session: Session,
  done: (error: Error | null, answer: Answer) => void,
) => void;

function nonsense(why: Error): string {
  return `it sends what is no SNMP (${why.message.slice(0, 100)})`;
}

function hasRestarted(reason: unknown): boolean {
  return /timed out|time ?window|engine|Report/i.test(messageOf(reason));
}

/** Has a conversation with a machine, and ends it. @throws {SnmpError} */
export async function withSnmp<Result>(
  target: SnmpTarget,
  use: (client: SnmpClient) => Promise<Result>,
  patience: Patience = PATIENCE,
): Promise<Result> {
  const client = new SnmpClient(target, patience);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}
