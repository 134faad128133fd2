// Answers that are not there yet: routes can be made while the server still waits for programs.

import type { ApiAnswers } from '../api-options.ts';
import { type Calls, calls } from '../calls.ts';

/** What has a name in the table of calls, whatever is asked. */
type AnyAnswers = Readonly<Record<keyof Calls, (...asked: readonly unknown[]) => unknown>>;

/** @returns answers for routes, and what gives them those that they pass everything on to: before that nobody may ask */
export function laterAnswers(): {
  readonly answers: ApiAnswers;
  readonly give: (answers: ApiAnswers) => void;
} {
  let given: AnyAnswers | undefined;
  const passOn =
    (name: keyof Calls) =>
    (...asked: readonly unknown[]) => {
      if (given === undefined) throw new Error(`Cannot answer ${name}: the server still starts`);
      return given[name](...asked);
    };
  const names = Object.keys(calls) as (keyof Calls)[];
  return {
    answers: Object.fromEntries(names.map((name) => [name, passOn(name)])) as unknown as ApiAnswers,
    give: (answers) => {
      given = answers as unknown as AnyAnswers;
    },
  };
}
