// Sign-ins that have begun in a browser and wait for the answer of the provider. Strangers may begin as many as they like: of all
// of them a bounded number is remembered, and who begins many loses their own first.
import { createHash, randomBytes } from 'node:crypto';
import { askerNetwork } from '../../host/text/asker-network.ts';

/** What the answer of the provider is compared with. */
export type StartedSignIn = {
  /** the provider gives it back as it is */
  readonly state: string;
  /** is in what the provider signs */
  readonly nonce: string;
  /** proves that whoever shows the code began the sign-in (RFC 7636) */
  readonly verifier: string;
};

type Kept = StartedSignIn & { readonly from: string; readonly at: number };

/** Seconds for somebody to prove to the provider who they are. */
export const SIGN_IN_SECONDS = 600;
const MOST = 1000;
const MOST_OF_ONE = 20;

/** Keeps each until it is taken, once. */
export class StartedSignIns {
  readonly #now: () => number;
  /** by SHA-256 of what the browser shows, the oldest first */
  readonly #kept = new Map<string, Kept>();

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /** @returns what the browser shows when it comes back */
  add(started: StartedSignIn, address: string): string {
    const from = askerNetwork(address);
    this.#dropOld();
    if (this.#of(from).length >= MOST_OF_ONE) this.#dropOldest(from);
    if (this.#kept.size >= MOST) this.#dropOldest(this.#greediest());
    const secret = randomBytes(32).toString('base64url');
    this.#kept.set(hashOf(secret), { ...started, from, at: this.#now() });
    return secret;
  }

  /**
   * What began in this browser with this state; whatever comes of it, it cannot be taken again. A link with another state, which
   * anybody may give to somebody, takes nothing.
   */
  take(secret: string, state: string): StartedSignIn | undefined {
    this.#dropOld();
    const hash = hashOf(secret);
    const kept = this.#kept.get(hash);
    if (kept?.state !== state) return undefined;
    this.#kept.delete(hash);
    return kept;
  }

  #of(from: string): string[] {
    return [...this.#kept].filter(([, kept]) => kept.from === from).map(([hash]) => hash);
  }

  #greediest(): string {
    const counts = new Map<string, number>();
    for (const { from } of this.#kept.values()) counts.set(from, (counts.get(from) ?? 0) + 1);
    const [[from] = ['']] = [...counts].toSorted(([, a], [, b]) => b - a);
    return from;
  }

  #dropOldest(from: string): void {
    const [oldest] = this.#of(from);
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  #dropOld(): void {
    const least = this.#now() - SIGN_IN_SECONDS * 1000;
    for (const [hash, { at }] of this.#kept) {
      if (at > least) return;
      this.#kept.delete(hash);
    }
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
