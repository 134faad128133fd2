// What another program says of its failure, as far as it helps: people asked this server for something, not that program.
import { messageOf } from '../../errors.ts';

/** `skopeo copy failed (1): …`, as `runProgram` words it. */
const FAILED = /^([a-z][\w.-]*) \S* ?failed \(([^)]*)\): ?([\s\S]*)$/;
/** The last fields of a line of a log: `time="…" level=fatal msg="…"`. */
const LOG_LINE = /\blevel=(\w+) msg="((?:[^"\\]|\\.)*)"/;
/** Marks with which umoci and buildah begin lines. */
const MARKS = /^(?:[⨯•✗]\s*|(?:error|fatal|ERRO\[\d+\]|FATA\[\d+\]):?\s+)/i;
const MOST_LINES = 3;
const LONGEST = 500;

/** The end of what the program said, as one line; messages of other kinds as they are. */
export function complaintOf(thrown: unknown): string {
  const message = messageOf(thrown);
  const [, program = '', status = '', said = ''] = FAILED.exec(message) ?? [];
  if (program === '') return message;
  const lines = said.split('\n').map((line) => line.trim());
  const fatal = lines.filter((line) => line.includes('level=fatal'));
  const told = new Set((fatal.length > 0 ? fatal : lines).map(plain));
  // Some say the end of their last sentence once more.
  const isSaid = (line: string) => [...told].some((one) => one !== line && one.includes(line));
  const text = [...told]
    .filter((line) => !isSaid(line))
    .slice(-MOST_LINES)
    .join('; ');
  if (text === '') return `${program} failed (${status})`;
  return text.length > LONGEST ? `…${text.slice(-LONGEST)}` : text;
}

function plain(line: string): string {
  const [, , logged] = LOG_LINE.exec(line) ?? [];
  const text = logged?.replaceAll('\\n', ' ').replaceAll('\\"', '"') ?? line;
  return text.replace(MARKS, '').trim();
}
