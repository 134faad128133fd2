// Gives the kernel our rules, and tells who met them.
import { WaltError } from '../../errors.ts';
import { runProgram } from '../../host/processes/program.ts';
import { ruleCountersBy } from '../ffi/netlink/rule-counters.ts';
import { loadSystemCalls } from '../ffi/system-calls.ts';
import type { LimitName } from '../limits/table.ts';
import type { NatRules } from './nat-rules.ts';
import {
  dropChain,
  type FirewallRules,
  firewallText,
  NOTED_SECONDS,
  removalText,
  TABLE,
} from './rules.ts';

/** Where nft(8) lies. In the search path of `npm` there is another program of that name. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Somebody who met a limit in the last minute. */
export type Met = { readonly limit: LimitName; readonly from: string };

/** How nft(8) is run; otherwise than as it is where the rules are for another network namespace. */
export type Command = { readonly nft?: readonly string[] };

/** Packets by chain. */
type Counters = ReadonlyMap<string, number>;

/** The rules of one network namespace. */
export class Firewall {
  #rules: FirewallRules;
  readonly #nft: readonly string[];
  readonly #isOurs: boolean;
  /** packets by limit, and when there were others at last (performance.now()) */
  readonly #dropped = new Map<LimitName, { readonly packets: number; readonly changed: number }>();

  constructor(rules: FirewallRules, { nft }: Command = {}) {
    this.#rules = rules;
    this.#nft = nft ?? ['nft'];
    this.#isOurs = nft === undefined;
  }

  /**
   * Puts the rules in force, in the place of those that a killed server left.
   * @throws {WaltError} if nft(8) is missing, or the kernel does not take them: then nothing has changed
   */
  async apply(): Promise<void> {
    await this.#run(['-f', '-'], firewallText(this.#rules));
    this.#dropped.clear();
  }

  /**
   * Puts other rules in force for who reaches other networks; undefined: nobody does.
   * @throws {WaltError} as `apply`; the next `apply` tries the same again
   */
  async forward(nat: NatRules | undefined): Promise<void> {
    const { nat: _before, ...others } = this.#rules;
    this.#rules = nat === undefined ? others : { ...others, nat };
    await this.apply();
  }

  /**
   * Who met limits. Where nothing was dropped this is a question to the kernel, or one program, which lists no set.
   * @throws {WaltError} if the rules are not in force any more: somebody took them away
   */
  async met(): Promise<Met[]> {
    const dropped = (await this.#asked()) ?? (await this.#listed());
    const { inside, paces } = this.#rules;
    const met: Met[] = [];
    for (const { limit } of [inside, ...paces]) {
      const packets = dropped.get(dropChain(limit));
      if (packets === undefined) throw new WaltError(`The chain ${dropChain(limit)} is gone`);
      if (!this.#isOfLate(limit, packets)) continue;
      const text = await this.#run(['-j', 'list', 'set', 'ip', TABLE, limit]);
      met.push(...addressesIn(text).map((from) => ({ limit, from })));
    }
    return met;
  }

  /** Whether something was dropped since the last look, or so short before that addresses are still noted. */
  #isOfLate(limit: LimitName, packets: number): boolean {
    const now = performance.now();
    const known = this.#dropped.get(limit) ?? { packets: 0, changed: Number.NEGATIVE_INFINITY };
    const changed = packets === known.packets ? known.changed : now;
    this.#dropped.set(limit, { packets, changed });
    return now - changed < NOTED_SECONDS * 1000;
  }

  /** @returns undefined where the kernel does not tell this process, or the rules are those of another network */
  async #asked(): Promise<Counters | undefined> {
    const calls = this.#isOurs ? await loadSystemCalls() : undefined;
    return calls && ruleCountersBy(calls, TABLE);
  }

  async #listed(): Promise<Counters> {
    return droppedIn(await this.#run(['-j', '-t', 'list', 'table', 'ip', TABLE]));
  }

  #run(args: readonly string[], input?: string): Promise<string> {
    return run([...this.#nft, ...args], input);
  }
}

/**
 * Takes the rules away, whoever put them there.
 * @throws {WaltError} if nft(8) is missing, or the kernel has no such tables
 */
export async function removeFirewall({ nft = ['nft'] }: Command = {}): Promise<void> {
  await run([...nft, '-f', '-'], removalText().join('\n'));
}

function run([program = '', ...args]: readonly string[], input?: string): Promise<string> {
  return runProgram(program, args, { env: { PATH }, ...(input === undefined ? {} : { input }) });
}

/** Packets by chain: `{"nftables": [{"rule": {"chain": "…", "expr": [{"counter": {"packets": 0, …}}, …]}}, …]}` */
function droppedIn(text: string): Counters {
  const { nftables } = JSON.parse(text) as { nftables: readonly { rule?: Rule }[] };
  const counted = nftables.flatMap(({ rule }) =>
    (rule?.expr ?? []).map(({ counter }) => [rule?.chain ?? '', counter?.packets] as const),
  );
  return new Map(counted.filter((each) => each[1] !== undefined) as [string, number][]);
}

type Rule = {
  readonly chain: string;
  readonly expr: readonly { readonly counter?: { readonly packets: number } }[];
};

/** `{"nftables": [{"metainfo": …}, {"set": {…, "elem": [{"elem": {"val": "10.0.0.1", "timeout": 60, …}}]}}]}` */
function addressesIn(text: string): string[] {
  const { nftables } = JSON.parse(text) as { nftables: readonly { set?: { elem?: Element[] } }[] };
  return nftables.flatMap(({ set }) => (set?.elem ?? []).map(addressOf));
}

type Element = string | { readonly elem: { readonly val: string } };

function addressOf(element: Element): string {
  return typeof element === 'string' ? element : element.elem.val;
}
