// Places of which there are so many: each user has a share of them, and so has each address. Who comes too late is told so.
import { RequestError } from '../../errors.ts';
import { askerNetwork } from '../text/asker-network.ts';

/** Who wants a place. */
export type Holder = {
  /** empty for who has not said it */
  readonly user: string;
  /** their address; empty where they are on this machine, and have no share by it */
  readonly from: string;
};

/** How many places there are. */
export type Bounds = {
  readonly inAll: number;
  readonly perUser: number;
  /** of all users there together; an address of IPv6 counts with its network */
  readonly perAddress: number;
};

type Options = {
  /** what cannot be done without a place, as `follow the log` */
  readonly action: string;
  /** @param whose share is used up: an address, a user, or `it` where there is no place at all */
  readonly onFull: (whose: string) => void;
};

/** By which programs know that it is their own share that is used up. */
const SHARE_TAKEN = 'share-taken';

/** Counts who holds how many. */
export class Places {
  readonly #bounds: Bounds;
  readonly #options: Options;
  readonly #held = new Map<string, number>();

  constructor(bounds: Bounds, options: Options) {
    this.#bounds = bounds;
    this.#options = options;
  }

  /**
   * Takes a place, which is free again when the signal aborts.
   * @returns gives it back before that
   * @throws {RequestError} where there is none for this user
   */
  take({ user, from }: Holder, signal: AbortSignal): () => void {
    const keys = ['all', `user ${user}`];
    if (from !== '') keys.push(`address ${askerNetwork(from)}`);
    this.#refuse({ user, from }, keys);
    for (const key of keys) this.#count(key, 1);
    let isHeld = true;
    const giveBack = () => {
      if (isHeld) for (const key of keys) this.#count(key, -1);
      isHeld = false;
    };
    if (signal.aborted) giveBack();
    else signal.addEventListener('abort', giveBack, { once: true });
    return giveBack;
  }

  #refuse({ user, from }: Holder, [all = '', ofUser = '', ofAddress = '']: string[]): void {
    const { inAll, perUser, perAddress } = this.#bounds;
    const { action, onFull } = this.#options;
    const has = (key: string) => this.#held.get(key) ?? 0;
    if (has(ofUser) >= perUser) {
      onFull(user === '' ? 'a user without a name' : user);
      const share = `${perUser} programs of yours do so already, which is the share of a user`;
      throw new RequestError(429, `Cannot ${action}: ${share}. End one of them first.`, {
        code: SHARE_TAKEN,
      });
    }
    if (has(ofAddress) >= perAddress) {
      onFull(from);
      const share = `${perAddress} programs at ${from} do so already, which is the share of an address`;
      throw new RequestError(429, `Cannot ${action}: ${share}. End one of them first.`, {
        code: SHARE_TAKEN,
      });
    }
    if (has(all) < inAll) return;
    onFull('it');
    throw new RequestError(
      503,
      `Cannot ${action}: ${inAll} programs do so already. Try again later.`,
    );
  }

  #count(key: string, more: number): void {
    const now = (this.#held.get(key) ?? 0) + more;
    if (now === 0) this.#held.delete(key);
    else this.#held.set(key, now);
  }
}

/** For who asks where nobody is refused. */
export const UNBOUNDED = {
  take: (_holder: Holder, _signal: AbortSignal) => () => undefined,
} as const satisfies Pick<Places, 'take'>;
