// How lines of the log are shown: option --format.
import type { LogView } from '../../api/calls/logs.ts';
import { oneLine } from '../../host/text/shown-text.ts';
import { CommandError } from '../command-line/command-error.ts';
import { timeParts } from '../texts/time.ts';

/** As `10:45:49.188989 pc-1.my-stream -> hello`. */
export const DEFAULT_FORMAT = '{timestamp:%H:%M:%S.%f} {issuer}.{stream} -> {line}';
/** For lines of more than one day. */
export const DATED_FORMAT = `{timestamp:%Y-%m-%d} ${DEFAULT_FORMAT}`;

const EXPECTED =
  "expected text with {timestamp}, {issuer}, {stream} and {line}; {timestamp:…} takes %Y %m %d %H %M %S %f and %%, and '{{' is a brace";
const FIELD = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const CODE = /%(.?)/g;

/**
 * Reads a format.
 * @returns what makes a line of the terminal of a line of the log
 * @throws {CommandError} for a field that there is none
 */
export function logFormat(format: string): (log: LogView) => string {
  // What is wrong with it is said before any line is fetched.
  fill(format, { id: 0, at: 0, issuer: '', stream: '', line: '' });
  return (log) => oneLine(fill(format, log));
}

function fill(format: string, log: LogView): string {
  return format.replaceAll(FIELD, (whole, field: string | undefined) => {
    if (whole === '{{' || whole === '}}') return whole.charAt(0);
    const value = field === undefined ? undefined : fieldOf(field, log);
    if (value === undefined) throw complaint(format, whole);
    return value;
  });
}

function fieldOf(field: string, { at, issuer, stream, line }: LogView): string | undefined {
  const [name, ...codes] = field.split(':');
  if (name === 'timestamp') return time(codes.join(':') || '%Y-%m-%d %H:%M:%S.%f', at);
  if (codes.length > 0) return undefined;
  return new Map(Object.entries({ issuer, stream, line })).get(name ?? '');
}

function time(codes: string, at: number): string | undefined {
  const parts = new Map(Object.entries(timeParts(at)));
  const known = [...codes.matchAll(CODE)].every(([, code = '']) => code === '%' || parts.has(code));
  if (!known) return undefined;
  return codes.replaceAll(CODE, (_, code: string) => parts.get(code) ?? '%');
}

function complaint(format: string, part: string): CommandError {
  return new CommandError(`Cannot use format '${format}': '${part}' is no field, ${EXPECTED}`);
}
