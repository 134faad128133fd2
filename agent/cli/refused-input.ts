// What the server says of a value that its schema refuses, in terms of what was typed: calls and their fields are for programs.
import { oneLine } from '../host/text/shown-text.ts';

/** As the server begins such a sentence. */
const REFUSED = /^Cannot do [\w.]+: field '([^']+)' is not valid: /;

/** `'E ve' is not valid: …` in place of the call and the field; any other sentence stays as it is. @param asked what was sent */
export function refusedInput(sentence: string, asked: unknown): string {
  const [beginning, field] = REFUSED.exec(sentence) ?? [];
  if (beginning === undefined || field === undefined) return sentence;
  const value = valueAt(asked, field.split('.'));
  if (typeof value !== 'string' && typeof value !== 'number') return sentence;
  // Nobody is shown a password, not even who typed it.
  const shown = SECRET.test(field) ? `that ${field}` : `'${oneLine(String(value))}'`;
  return `${shown} is not valid: ${sentence.slice(beginning.length)}`;
}

const SECRET = /^(password|old|authentication|privacy|community)$/;

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return valueAt(new Map<string, unknown>(Object.entries(value)).get(key), rest);
}
