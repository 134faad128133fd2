// How a command of a script ends, and with it the script.
import type { ScriptProblem } from './boot-plan.ts';

/** How a command ended. `why`: words for people; `at`: where, if that was in a script that it called. All but the first two: what comes next is not the next command. */
export type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly why: string; readonly at?: ScriptProblem }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'boot' }
  | { readonly kind: 'reboot' }
  /** nothing follows, for ever: the script goes round in circles, or waits for somebody at the keyboard */
  | { readonly kind: 'endless'; readonly why: string; readonly at?: ScriptProblem };

/** The command did what it was asked. */
export const DONE: Ending = { kind: 'done' };

/** @param why words for people */
export function failed(why: string): Ending {
  return { kind: 'failed', why };
}

/** Done where `isSo`. @param why it failed, where it did */
export function endingOf(isSo: boolean, why: string): Ending {
  return isSo ? DONE : failed(why);
}
