// Asks the name server of walt-net for a name that it always knows: whether it answers, and whether it hangs.
import { Resolver } from 'node:dns/promises';
import { Silence } from '../host/clock/silence.ts';

/** A lost packet is no silence. */
const QUESTION = { timeout: 1500, tries: 3 };
/** Longer than all tries. A question must end: the watch waits for it. */
const DEADLINE_MS = 15_000;

/** What came of a question: `nobody` has the port open. */
export type Answer = 'answered' | 'silent' | 'nobody';

/** The questions to one name server. */
export class Question {
  readonly #resolver = new Resolver(QUESTION);
  readonly #name: string;
  readonly #silence = new Silence();

  /** @param server dotted IPv4. @param name with its domain */
  constructor(server: string, name: string) {
    this.#resolver.setServers([server]);
    this.#name = name;
  }

  /** Asks once. */
  async ask(): Promise<Answer> {
    const deadline = setTimeout(() => this.#resolver.cancel(), DEADLINE_MS);
    try {
      await this.#resolver.resolve4(this.#name);
    } catch (reason) {
      const { code } = reason as NodeJS.ErrnoException;
      if (code === 'ECONNREFUSED') return 'nobody';
      return code === 'ETIMEOUT' || code === 'ECANCELLED' ? 'silent' : 'answered';
    } finally {
      clearTimeout(deadline);
    }
    return 'answered';
  }

  /** Whether the last question was left without an answer. */
  get isDoubted(): boolean {
    return this.#silence.isDoubted;
  }

  /** Asks once. Returns whether the server hangs: it left this and the questions before without an answer. */
  async hangs(): Promise<boolean> {
    this.#silence.begin();
    const answer = await this.ask();
    if (answer === 'silent') return this.#silence.silent();
    if (answer === 'answered') this.#silence.answered();
    else this.#silence.unknown();
    return false;
  }

  /** The next question is to a new program. */
  forget(): void {
    this.#silence.answered();
  }
}
