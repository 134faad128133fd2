// People who sign in to the page by an OpenID provider: begins it, remembers it, and lets in whom the provider names. Whatever a
// provider does or does not, passwords and tokens work as ever.
import { RequestError } from '../../errors.ts';
import { askerNetwork } from '../../host/text/asker-network.ts';
import type { Accounts, Known } from '../accounts.ts';
import { Guesses } from '../guesses.ts';
import { arrivalOf, type ClaimsRules, lacksClaims } from './claims.ts';
import type { Provider } from './provider.ts';
import { StartedSignIns } from './started.ts';

type Options = {
  readonly accounts: Pick<Accounts, 'arrive'>;
  /** what the button says */
  readonly name: string;
  readonly rules: ClaimsRules;
  /** loads what speaks to the provider; asked for once */
  readonly load: () => Promise<Pick<Provider, 'begin' | 'end'>>;
  /** milliseconds of a steady clock */
  readonly now: () => number;
};

/** What a browser comes back with. */
export type ReturnedSignIn = {
  /** what it got when it began; undefined where it shows nothing */
  readonly secret: string | undefined;
  /** what stands behind the `?` of its address */
  readonly answer: string;
  /** address that it comes from */
  readonly from: string;
};

/** Who was let in. */
export type SignedIn = Known & { readonly provider: string; readonly isNew: boolean };

/** Answers of the provider that are looked at in one moment. */
const MOST_AT_ONCE = 16;
const MOST_OF_ONE = 4;
const FAILED = { most: 30, forgivenMs: 10_000 } as const;

/** Sign-ins by one provider. */
export class SignIns {
  readonly #options: Options;
  readonly #started: StartedSignIns;
  readonly #failed: Guesses;
  readonly #looking: string[] = [];
  #provider: ReturnType<Options['load']> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#started = new StartedSignIns(options.now);
    this.#failed = new Guesses(options.now, { account: FAILED, address: FAILED });
  }

  /** What the button says. */
  get name(): string {
    return this.#options.name;
  }

  /**
   * @param from address of the browser
   * @returns the page of the provider, and what the browser shows when it comes back
   * @throws {RequestError} if the provider cannot be asked
   */
  async begin(from: string): Promise<{ readonly url: string; readonly secret: string }> {
    const { url, started } = await this.#looked(from, async (provider) => await provider.begin());
    return { url, secret: this.#started.add(started, from) };
  }

  /** @throws {RequestError} if the answer lets nobody in, was there before, or is not of this browser */
  async end({ secret, answer, from }: ReturnedSignIn): Promise<SignedIn> {
    const waitMs = this.#failed.waitOf('', from);
    if (waitMs > 0) {
      const reason = `Too many sign-ins from your address failed: wait ${Math.ceil(waitMs / 1000)} s.`;
      throw new RequestError(429, reason, { code: 'too-many-guesses' });
    }
    const state = new URLSearchParams(answer).get('state') ?? '';
    const started = secret === undefined ? undefined : this.#started.take(secret, state);
    if (started === undefined) {
      const reason = 'it did not begin in this browser, was used already, or took too long';
      const text = `You were not let in by this sign-in: ${reason}. Sign in again.`;
      throw new RequestError(401, text, { code: 'sign-in-over' });
    }
    this.#failed.begin('', from);
    try {
      const signedIn = await this.#looked(from, async (provider) => {
        const proved = await provider.end(started, answer);
        return await this.#arrived(proved);
      });
      this.#failed.right('', from);
      return signedIn;
    } catch (thrown) {
      // Whoever comes while the provider is down has guessed nothing.
      if (thrown instanceof RequestError && thrown.status === 503) this.#failed.right('', from);
      throw thrown;
    }
  }

  async #arrived(proved: Awaited<ReturnType<Provider['end']>>): Promise<SignedIn> {
    const { accounts, rules } = this.#options;
    const more = lacksClaims(proved.claims, rules) ? await proved.more() : {};
    // What is signed counts more than what is not.
    const claims = { ...more, ...proved.claims };
    const known = await accounts.arrive(arrivalOf(claims, proved, rules));
    return { ...known, provider: proved.issuer };
  }

  async #looked<Result>(
    address: string,
    look: (provider: Pick<Provider, 'begin' | 'end'>) => Promise<Result>,
  ): Promise<Result> {
    const from = askerNetwork(address);
    const own = this.#looking.filter((one) => one === from).length;
    if (own >= MOST_OF_ONE || this.#looking.length >= MOST_AT_ONCE) {
      const text = 'Too many sign-ins are under way. Try again in a moment.';
      throw new RequestError(503, text, { code: 'too-many' });
    }
    this.#looking.push(from);
    try {
      this.#provider ??= this.#options.load();
      return await look(await this.#provider);
    } finally {
      this.#looking.splice(this.#looking.indexOf(from), 1);
    }
  }
}
