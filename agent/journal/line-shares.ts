// How many lines the log takes of what anybody on walt-net can make happen: whoever makes up machines, answers ARP for others or
// connects again and again fills no disk, and hides nothing else.
import type { ServerEvent } from '../events/event.ts';

/** Lines that may come at once, and how many more each hour. */
type Share = { readonly burst: number; readonly perHour: number };

const HOUR_MS = 3_600_000;
/** Ten thousand boards that come at once have their lines. */
const MACHINES: Share = { burst: 20_000, perHour: 2000 };
/** What a network in order has now and then. */
const TROUBLE: Share = { burst: 50, perHour: 100 };
/** Of one node. */
const BOOTS: Share = { burst: 100, perHour: 100 };
/** Nodes whose shares are counted. */
const MOST_COUNTED = 20_000;

const SHARES: Readonly<Partial<Record<ServerEvent['kind'], Share>>> = {
  ...{ 'new-device': MACHINES, 'new-node': MACHINES, renamed: MACHINES, 'no-image': MACHINES },
  ...{ 'start-trouble': MACHINES, 'boots-fail': MACHINES, 'double-boot': MACHINES },
  ...{ 'address-conflict': TROUBLE, 'address-declined': TROUBLE, 'refused-file': TROUBLE },
  ...{ 'other-dhcp-server': TROUBLE, 'false-answers': TROUBLE, 'login-refused': TROUBLE },
  boot: BOOTS,
};

type Account = { left: number; at: number; hidden: number };

/** Counts lines by kind of event, and those of boots by node. */
export class LineShares {
  readonly #now: () => number;
  /** those that were used last are last */
  readonly #accounts = new Map<string, Account>();
  /** the one that was used last */
  #latest: Account | undefined;

  /** @param now milliseconds of a steady clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes the place of an event's lines. @returns undefined where none is left, else how many events went without since */
  take(event: ServerEvent): { readonly hidden: number } | undefined {
    const share = SHARES[event.kind];
    // What people do is always written.
    if (share === undefined || ('by' in event && event.by !== undefined)) return { hidden: 0 };
    const account = this.#account(event.kind === 'boot' ? `boot ${event.mac}` : event.kind, share);
    if (account.left < 1) {
      account.hidden += 1;
      return undefined;
    }
    const { hidden } = account;
    account.left -= 1;
    account.hidden = 0;
    return { hidden };
  }

  #account(key: string, { burst, perHour }: Share): Account {
    const now = this.#now();
    const account = this.#accounts.get(key) ?? { left: burst, at: now, hidden: 0 };
    const earned = ((now - account.at) / HOUR_MS) * perHour;
    account.left = Math.min(burst, account.left + earned);
    account.at = now;
    if (account === this.#latest) return account;
    this.#latest = account;
    this.#accounts.delete(key);
    if (this.#accounts.size >= MOST_COUNTED) this.#forgetOldest();
    this.#accounts.set(key, account);
    return account;
  }

  #forgetOldest(): void {
    const [oldest] = this.#accounts.keys();
    if (oldest !== undefined) this.#accounts.delete(oldest);
  }
}
