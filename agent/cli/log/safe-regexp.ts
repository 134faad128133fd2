// A regular expression of the person, that takes no more than so long: one such as (a+)+$ can take years for one line, and would
// not even hear ctrl-C.
import { createContext, Script } from 'node:vm';
import { CommandError } from '../command-line/command-error.ts';

/** Of each of the texts: does it match, anywhere in it? */
export type Matcher = (texts: readonly string[]) => readonly boolean[];

const DEADLINE_MS = 1000;
const MATCH = new Script('found = texts.map((text) => pattern.test(text))');

/**
 * @throws {CommandError} if it is no regular expression; so does the result, where it takes too long
 */
export function safeRegExp(text: string): Matcher {
  const context = createContext({ pattern: regExp(text), texts: [], found: [] });
  return (texts) => {
    Object.assign(context, { texts });
    try {
      MATCH.runInContext(context, { timeout: DEADLINE_MS });
    } catch (cause) {
      throw new CommandError(
        `Cannot use '${text}': it takes too long to tell whether lines match it. Leave out repetitions within repetitions, as in (a+)+`,
        { cause },
      );
    }
    const { found } = context;
    return found as boolean[];
  };
}

function regExp(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CommandError(`Cannot use '${text}': ${cause.message}`, { cause });
  }
}
