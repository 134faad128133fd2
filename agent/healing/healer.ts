// Helps boards that do not come up: looks again and again which of them have stopped, and does the next thing for each.
// What is next is decided in `ladder`; this file looks, does it and says so.
import type { BootBook, ToldBoot } from '../boots/boot-book.ts';
import { isNode, type Node } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import { messageOf } from '../errors.ts';
import type { Publish } from '../events/publisher.ts';
import type { Clock } from '../host/clock/clock.ts';
import type { BootRecords } from '../store/records/boots.ts';
import { type Cases, tryingFrom } from './cases.ts';
import { Learnt } from './expecting/learnt.ts';
import { isStalled } from './expecting/stall.ts';
import { type Fault, faultOf } from './faults.ts';
import { type GoneOptions, GoneSwitches } from './gone-switches.ts';
import { type HealMode, healSettings } from './heal-settings.ts';
import { cyclesWithin, NEW_SERIES, nextStep, type Series, type Step, type Way } from './ladder.ts';
import { Pause, type PauseOptions } from './pause.ts';
import { helpText, quarantineText, waitText } from './texts.ts';

/** What healing stands on. */
export type HealerOptions = PauseOptions &
  GoneOptions & {
    readonly registry: Pick<Registry, 'all' | 'byMac'>;
    readonly boots: Pick<BootBook, 'bootOf' | 'lastOf'>;
    readonly records: Pick<BootRecords, 'good' | 'stagesOf'>;
    readonly cases: Cases;
    readonly publish: Publish;
    readonly clock: Clock;
    /** `boot.heal` of the configuration, as it is now */
    readonly mode: () => HealMode;
    /** whether the power of a node can be switched */
    readonly canCycle: (node: Node) => boolean;
    readonly cycle: (node: Node) => Promise<void>;
    /** asks the running system to reboot */
    readonly reboot: (node: Node) => Promise<void>;
    /** whether the net service of the node takes connections */
    readonly answers: (node: Node) => Promise<boolean>;
    /** key of the folder that an image stands for now */
    readonly keyOf: (image: string) => string | undefined;
    /** whether the folder of this key is still there */
    readonly hasContent: (key: string) => boolean;
    /** how many times slower than others the machine of a node is */
    readonly slowness: (mac: string) => number;
  };

/** Boards for which something is done in one look. */
const MOST_HELPED = 4;
/** The last boots of a board among which one is looked for that came up. */
const LOOKED_BACK = 21;

/** Looks after all boards. */
export class Healer {
  readonly #options: HealerOptions;
  readonly #learnt: Learnt;
  readonly #pause: Pause;
  readonly #gone: GoneSwitches;
  /** the first cycle of the hour in which it was said of a board, by MAC */
  readonly #saidLater = new Map<string, number | undefined>();

  constructor(options: HealerOptions) {
    this.#options = options;
    this.#learnt = new Learnt(options.records, options.clock);
    this.#pause = new Pause(options);
    this.#gone = new GoneSwitches(options);
  }

  /** What is expected of the boots of a node. */
  expectedOf = (node: Node) => this.#learnt.of(node.model, node.root);

  /** Why a node is left alone; undefined where it is not. */
  quarantineOf = (mac: string): string | undefined => this.#options.cases.of(mac).series.quarantine;

  /** One look at all boards that try to boot. */
  async look(): Promise<void> {
    const halted = await this.#halted();
    if (halted.length === 0 && !this.#pause.isOn) return;
    if (await this.#pause.holds(halted)) return;
    let helped = 0;
    for (const node of this.#gone.without(await this.#pause.without(halted))) {
      if (helped === MOST_HELPED) return;
      if (await this.#help(node)) helped += 1;
    }
  }

  async #halted(): Promise<Node[]> {
    const { cases, registry, clock } = this.#options;
    const halted: Node[] = [];
    for (const mac of cases.trying()) {
      const node = registry.byMac(mac);
      if (!isNode(node) || !this.#isMeant(node) || !(await this.#hasStopped(node))) continue;
      const now = clock();
      await cases.change(mac, (board) => ({ haltedAt: now, ...board }));
      halted.push(node);
    }
    return halted;
  }

  /** Of those that start from their own disk, or are off because somebody turned them off, nothing is expected. */
  #isMeant(node: Node): boolean {
    const { cases, mode } = this.#options;
    const isOff = node.bootsLocal === true || node.machine?.isOff === true;
    const { series } = cases.of(node.mac);
    return !isOff && series.quarantine === undefined && healSettings(node, mode()).heal !== 'off';
  }

  async #hasStopped(node: Node): Promise<boolean> {
    const { boots, cases, clock, slowness, mode } = this.#options;
    const state = boots.bootOf(node.mac)?.state;
    const { tryingSince, heardAt } = cases.of(node.mac);
    if (state === undefined || tryingSince === undefined) return false;
    const { timeout } = healSettings(node, mode());
    const expected = await this.expectedOf(node);
    const patience = { timeout, expected, factor: slowness(node.mac) };
    return isStalled({ state, heardAt, tryingSince }, patience, clock());
  }

  /** @returns whether something was done: those that have to wait for an hour to be over keep nobody from help */
  async #help(node: Node): Promise<boolean> {
    const { boots, cases, clock, mode, canCycle } = this.#options;
    const { mac } = node;
    const past = await boots.lastOf(mac, LOOKED_BACK);
    const fault = past[0] && faultOf(past[0]);
    if (fault === undefined || boots.bootOf(mac)?.id !== past[0]?.id) return false;
    const { heal, retries, hardPerHour } = healSettings(node, mode());
    const lastGood = this.#lastGood(node, past);
    const { series } = cases.of(mac);
    const isHard = heal === 'on' && canCycle(node);
    const means = { fault: fault.kind, isHard, retries, hardPerHour };
    const step = nextStep(series, { ...means, hasLastGood: lastGood !== undefined }, clock());
    await this.#take(step, { node, fault, retries, lastGood, boot: past[0]?.id });
    return step.kind !== 'none' && step.kind !== 'later';
  }

  #lastGood({ model, image, root }: Node, past: readonly ToldBoot[]): string | undefined {
    const { keyOf, hasContent } = this.#options;
    const wanted = keyOf(image) ?? root;
    const good = past.find(
      (boot) => boot.attempt === 0 && boot.model === model && boot.image !== wanted,
    );
    return good?.image !== undefined && hasContent(good.image) ? good.image : undefined;
  }

  async #take(step: Step, help: Help): Promise<void> {
    const { node, fault, boot } = help;
    const { cases, boots, clock } = this.#options;
    switch (step.kind) {
      case 'none':
        return;
      case 'later':
        return this.#sayLater(help);
      case 'wait':
        await cases.change(node.mac, (board) =>
          tryingFrom(clock(), { ...board, series: { ...board.series, hasWaited: true } }),
        );
        return this.#say(node, 'step', waitText(fault));
      case 'quarantine':
        return await this.#quarantine(help);
      case 'let':
      case 'cycle': {
        const isThere = await this.#isThere(node, fault);
        // It may have got on meanwhile, or a person may have done something.
        const now = boots.bootOf(node.mac);
        if (now?.id !== boot || now?.state === 'booted' || now?.state === 'unconfirmed') return;
        if (isThere && fault.kind !== 'no-boot') return await this.#leave(node);
        return await this.#try(step, { ...help, isThere });
      }
    }
  }

  /** Only a system that runs answers; one that loads its files has none yet. */
  async #isThere(node: Node, { kind }: Fault): Promise<boolean> {
    const mayRun = kind === 'no-boot' || kind === 'silent' || kind === 'no-start';
    return mayRun && (await this.#options.answers(node));
  }

  /** Its system runs, whatever became of its connection to the server. */
  async #leave({ mac }: Node): Promise<void> {
    const now = this.#options.clock();
    await this.#options.cases.change(mac, (board) => tryingFrom(now, board));
  }

  async #try(
    { kind, way }: Extract<Step, { readonly way: Way }>,
    { node, fault, retries, lastGood, isThere }: Help & { readonly isThere: boolean },
  ): Promise<void> {
    const { cases, clock, cycle, reboot } = this.#options;
    const now = clock();
    const isCycled = kind === 'cycle' && !isThere;
    const { series } = cases.of(node.mac);
    const next = {
      ...this.#after(series, node, { way, lastGood }),
      cycles: cyclesWithin(series, now),
    };
    const cycles = isCycled ? [...next.cycles, now] : next.cycles;
    await cases.change(node.mac, (board) =>
      tryingFrom(now, { ...board, series: { ...next, cycles } }),
    );
    const how = isThere
      ? 'it is asked to reboot'
      : isCycled
        ? 'its power is cycled'
        : 'its next boot is awaited';
    this.#say(node, 'step', helpText(fault, { how, way, tries: next.tries, retries }));
    try {
      if (isThere) await reboot(node);
      else if (isCycled) await cycle(node);
    } catch (reason) {
      this.#say(node, 'step', `could not be helped: ${messageOf(reason)}`);
    }
  }

  #after(
    series: Series,
    { image, root }: Node,
    { way, lastGood }: { readonly way: Way; readonly lastGood: string | undefined },
  ): Series {
    const { image: _image, instead: _instead, ...rest } = series;
    const tried = { ...rest, tries: series.tries + 1, way };
    if (way !== 'last-good' || lastGood === undefined) return tried;
    return { ...tried, image: lastGood, instead: this.#options.keyOf(image) ?? root };
  }

  async #quarantine({ node, fault }: Help): Promise<void> {
    const { cases } = this.#options;
    const { series, refused } = cases.of(node.mac);
    const isDown = fault.kind === 'silent' || fault.kind === 'no-start';
    const text = quarantineText(fault, series.tries, refused);
    await cases.change(node.mac, (board) => ({
      ...board,
      series: { ...NEW_SERIES, tries: series.tries, quarantine: text },
    }));
    this.#say(node, isDown ? 'stays-down' : 'quarantine', text);
  }

  #sayLater({ node, fault }: Help): void {
    const { cases } = this.#options;
    const first = cases.of(node.mac).series.cycles.at(0);
    if (this.#saidLater.get(node.mac) === first) return;
    this.#saidLater.set(node.mac, first);
    this.#say(
      node,
      'step',
      `does not come up: ${fault.text}; its power was cycled as often within the hour as boot.hardPerHour allows`,
    );
  }

  #say({ name }: Node, what: 'step' | 'quarantine' | 'stays-down', text: string): void {
    this.#options.publish([{ kind: 'healing', node: name, what, text }]);
  }
}

type Help = {
  readonly node: Node;
  readonly fault: Fault;
  readonly retries: number;
  /** key of the content that booted on it last, where it is another than it boots */
  readonly lastGood: string | undefined;
  /** number of the boot that has stopped */
  readonly boot: number | undefined;
};
