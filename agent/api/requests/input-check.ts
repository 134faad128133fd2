// Checks what comes with a request against the schema of its row, and says in one sentence what is wrong.
import type { z } from 'zod';
import { RequestError } from '../../errors.ts';

/** Checks for fastify: the value with defaults filled in, or a {RequestError} for whoever sent it. */
export function inputCheck(callName: string, schema: z.ZodType) {
  return (input: unknown): { value: unknown } | { error: Error } => {
    const { success, data, error } = schema.safeParse(input ?? {});
    const odd = success ? oddNumber(input, data) : undefined;
    if (success && odd === undefined) return { value: data };
    const [issue] = error?.issues ?? [];
    const what = odd ?? (issue === undefined ? 'its input is not valid' : sentence(issue));
    return { error: new RequestError(400, `Cannot do ${callName}: ${what}`) };
  };
}

const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** JavaScript takes a blank for 0, and digits of other bases. @returns what is wrong with a number that came as text */
function oddNumber(input: unknown, read: unknown): string | undefined {
  const texts: Readonly<Record<string, unknown>> = { ...(input as object) };
  for (const [name, value] of Object.entries(read ?? {})) {
    const text = texts[name];
    if (typeof value !== 'number' || typeof text !== 'string' || NUMBER.test(text)) continue;
    return `field '${name}' is not valid: expected number, received '${text}'`;
  }
  return undefined;
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `it has no field ${issue.keys.map((key) => `'${key}'`).join(', ')}`;
  }
  const field = issue.path.length === 0 ? 'its input' : `field '${issue.path.join('.')}'`;
  if (issue.message.endsWith('received undefined')) return `${field} is missing`;
  const message = issue.message.replace(/^Invalid (input|option|string): /, '');
  return `${field} is not valid: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
