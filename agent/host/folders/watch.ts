// Looks after a program that should always run.
import { messageOf } from '../../errors.ts';

const LOOK_MS = 1000;
const PAUSE_MAX_MS = 30_000;

/**
 * Looks every second what is wrong, and mends it where something is: `problem` says it in words. It does so with pauses
 * that double after each time, up to half a minute, and become short again after a minute of peace. Returns what ends
 * the watch.
 */
export function watch({
  what,
  problem,
  mend,
  onProblem,
}: {
  /** the program in words, for messages */
  readonly what: string;
  readonly problem: () => Promise<string | undefined>;
  readonly mend: () => Promise<void>;
  readonly onProblem: (message: string) => void;
}): () => void {
  let pause = LOOK_MS;
  let peace = 0;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const look = async () => {
    const words = await problem();
    if (words === undefined) {
      peace += LOOK_MS;
      if (peace >= 60_000) pause = LOOK_MS;
      return LOOK_MS;
    }
    if (isOver) return LOOK_MS;
    peace = 0;
    pause = Math.min(2 * pause, PAUSE_MAX_MS);
    onProblem(words);
    await mend();
    return pause;
  };
  const turn = async () => {
    const next = await look().catch((error: unknown) => {
      onProblem(`Cannot start ${what} again: ${messageOf(error)}`);
      return pause;
    });
    if (!isOver) wait(next);
  };
  const wait = (ms: number) => {
    timer = setTimeout(turn, ms);
    timer.unref();
  };
  wait(LOOK_MS);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
