/** 200 boards that boot again and again, freeze by chance in a way that repeats itself, and are healed. */
import type { BootSignal } from '../../agent/boot/progress.ts';
import type { Device } from '../../agent/devices/device.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import { type Act, type Course, FREEZES, type Freeze, LOST, showOf } from './board.ts';
import { openServer } from './server.ts';

/** How much is simulated. */
export type WorldOptions = {
  readonly boards: number;
  readonly boots: number;
  readonly seed: number;
};

/** A freeze that was healed; seconds. */
export type Healed = { readonly freeze: Freeze; readonly seconds: number; readonly fixed: number };

/** What came of it. */
export type Outcome = {
  readonly booted: number;
  readonly quarantined: number;
  readonly stuck: number;
  readonly healed: readonly Healed[];
  readonly cycles: number;
  readonly cyclesOfUp: number;
  /** of boards that would have come up by themselves */
  readonly needless: number;
  readonly outages: number;
  readonly saidOfOutages: number;
  /** simulated */
  readonly hours: number;
};

type Board = {
  readonly mac: string;
  readonly isBad: boolean;
  left: number;
  course: Course;
  /** when it was last powered on or rebooted */
  since: number;
  acts: Act[];
  isUp: boolean;
  /** the first freeze since it was up; undefined while there is none */
  frozen: { readonly freeze: Freeze; readonly at: number; fixed: number } | undefined;
  /** what it waits for: its next boot, or a person */
  next: { readonly kind: 'reboot' | 'person'; readonly at: number } | undefined;
};

const SECOND = 1_000_000;
const BEGIN = 1000;
/** Until then it says that it has just started. */
const SETTLED = BEGIN + 100;
const STEP = 2;
/** One boot in so many freezes, and one in so many only seems to. */
const FREEZE_ODDS = 4;
const ODD_ODDS = 20;
/** A board that was cycled freezes again in the same way. */
const AGAIN = 0.25;
const UP_FOR = 200;
const PERSON_AFTER = 1800;
const OUTAGE_EVERY = 3600;
const OUTAGE_FOR = 400;
/** The original's timeout, from the start of a boot. */
const FIXED = 180;
/** A boot that has not ended by then is stuck. */
const MOST_SECONDS = 100 * 3600;

/** Simulates it. */
export async function simulate({ boards: count, boots, seed }: WorldOptions): Promise<Outcome> {
  const random = randomNumbers(seed);
  const below = (most: number) => Math.floor(random() * most);
  let now = BEGIN;
  const tally = { booted: 0, quarantined: 0, cycles: 0, cyclesOfUp: 0, needless: 0 };
  const said = { outages: 0, saidOfOutages: 0 };
  const healed: Healed[] = [];
  const boards = Array.from({ length: count }, (_, index): Board => {
    const next = { kind: 'reboot', at: now + below(UP_FOR) } as const;
    const mac = `52:54:00:00:${hex(index >> 8)}:${hex(index)}`;
    const rest = { left: boots, course: 'good', since: 0, acts: [], isUp: false } as const;
    return { mac, isBad: index % 100 === 50, ...rest, acts: [], frozen: undefined, next };
  });
  const byMac = new Map(boards.map((board) => [board.mac, board]));
  const { store, publisher, publish, healer } = await openServer(boards.map(deviceOf), {
    now: () => Math.round(now * SECOND),
    cycle: (mac) => onCycle(boardOf(mac)),
    reboot: (mac) => powerOn(boardOf(mac), { cause: 'it did not come up', method: 'soft' }),
    answers: (mac) => boardOf(mac).isUp,
  });
  publisher.on('bench', ['healing', 'healing-paused'], (event) => {
    if (event.kind === 'healing-paused') {
      if (event.reason !== undefined && now > SETTLED) said.saidOfOutages += 1;
    } else if (event.what !== 'step' && event.what !== 'healed') {
      const board = boards.find((one) => deviceOf(one).name === event.node);
      if (board !== undefined) onQuarantine(board);
    }
  });
  const say = ({ mac }: Board, signal: BootSignal) => publish([{ kind: 'signal', mac, signal }]);

  function boardOf(mac: string): Board {
    const board = byMac.get(mac);
    if (board === undefined) throw new Error(`No board has MAC ${mac}`);
    return board;
  }

  function draw(board: Board, isAgain: boolean): Course {
    // Nobody misses a board that was never seen.
    if (board.left === boots - 1 && !isAgain) return 'good';
    if (board.isBad) return 'no mount';
    if (isAgain && board.frozen !== undefined)
      return random() < AGAIN ? board.frozen.freeze : 'good';
    if (below(FREEZE_ODDS) === 0) return FREEZES[below(FREEZES.length)] ?? 'good';
    return below(ODD_ODDS) === 0 ? ((['late', 'cut'] as const)[below(2)] ?? 'good') : 'good';
  }

  function powerOn(board: Board, { cause, method }: { cause: string; method: string }): void {
    say(board, { kind: 'down', cause, method });
    const drawn = draw(board, method === 'hard');
    // Power that came back starts a board whatever its reset did.
    const isHung = method === 'hard' && drawn === 'no start after a reboot';
    board.course = isHung ? 'good' : drawn;
    board.since = now;
    board.isUp = false;
    board.next = undefined;
    board.acts = [...showOf(board.course, 0.8 + random() * 0.5)];
    noteFreeze(board);
  }

  /** A board without anything left to show, that is not up, is frozen from its last sign on. */
  function noteFreeze(board: Board): void {
    if (board.acts.length > 0 || board.isUp || board.course === 'good') return;
    const { course: freeze } = board;
    if (freeze === 'late' || freeze === 'cut') return;
    const left = Math.max(0, FIXED - (now - board.since));
    board.frozen ??= { freeze, at: now, fixed: left - FIXED };
    board.frozen.fixed += FIXED;
  }

  function act(board: Board): void {
    while (board.acts.length > 0 && now >= board.since + (board.acts[0]?.after ?? 0)) {
      const [one] = board.acts.splice(0, 1);
      if (one === undefined) return;
      say(board, one.signal);
      if (one.signal.kind === 'booted') onUp(board);
      if (one.signal === LOST && board.course === 'up, then silent') board.isUp = false;
      noteFreeze(board);
    }
    if (board.next !== undefined && now >= board.next.at && board.acts.length === 0) {
      begin(board, board.next.kind);
    }
  }

  function begin(board: Board, kind: 'reboot' | 'person'): void {
    board.next = undefined;
    if (board.left === 0) return;
    board.left -= 1;
    board.frozen = undefined;
    if (kind === 'person') {
      publish([{ kind: 'reboot-asked', node: deviceOf(board).name, by: 'someone', isHard: true }]);
    }
    const method = kind === 'person' ? 'hard' : 'soft';
    powerOn(board, { cause: 'reboot requested', method });
  }

  function onUp(board: Board): void {
    if (!board.isUp && board.course !== 'up, then silent') {
      tally.booted += 1;
      board.next = { kind: 'reboot', at: now + UP_FOR + below(100) };
      if (board.frozen !== undefined) {
        const { freeze, at, fixed } = board.frozen;
        healed.push({ freeze, seconds: now - at, fixed: fixed + (now - board.since) });
        board.frozen = undefined;
      }
    }
    board.isUp = true;
  }

  function onCycle(board: Board): void {
    tally.cycles += 1;
    if (board.isUp) tally.cyclesOfUp += 1;
    else if (board.acts.length > 0) tally.needless += 1;
    powerOn(board, { cause: 'it did not come up', method: 'hard' });
  }

  function onQuarantine(board: Board): void {
    tally.quarantined += 1;
    board.next = { kind: 'person', at: now + PERSON_AFTER };
  }

  const isOver = () =>
    boards.every(({ left, next, isUp }) => left === 0 && (isUp || next !== undefined));
  let outage = now + OUTAGE_EVERY;
  let away: Board[] = [];
  while (!isOver() && now < MOST_SECONDS) {
    now += STEP;
    if (now >= outage) {
      outage = now + OUTAGE_EVERY;
      said.outages += 1;
      away = boards.filter(({ isUp, acts }) => isUp && acts.length === 0);
      for (const board of away) say(board, LOST);
    }
    if (away.length > 0 && now >= outage - OUTAGE_EVERY + OUTAGE_FOR) {
      for (const board of away) if (board.isUp) say(board, { kind: 'booted' });
      away = [];
    }
    for (const board of boards) if (!away.includes(board)) act(board);
    await store.flush();
    await healer.look();
  }
  await store.close();
  const stuck = count * boots - tally.booted - tally.quarantined;
  return { ...tally, ...said, stuck, healed, hours: now / 3600 };
}

function deviceOf({ mac }: Pick<Board, 'mac'>): Device & { readonly name: string } {
  const end = mac
    .split(':')
    .slice(-2)
    .map((part) => Number.parseInt(part, 16));
  return {
    ...{ name: `board-${mac.slice(-5).replace(':', '')}`, mac, ip: `10.1.${end.join('.')}` },
    ...{ type: 'node', model: 'pc-x86-64', image: 'bench/image', root: 'sha256:00' },
    firstSeen: 0,
  };
}

function hex(value: number): string {
  return (value & 0xff).toString(16).padStart(2, '0');
}
