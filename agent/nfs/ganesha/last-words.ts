// Why a program ended, from what it wrote: ganesha ends with a stack backtrace, and its reason stands far above.

/** Reasons are told by many lines, one about the other. */
const LINES = 6;
/** They say that it ends, not why; or they only count what other lines say. */
const EMPTY =
  /^(stack backtrace|Fatal errors|Error (while|setting) pars|Error setting param)|errors? (found|while)|Errors processing/;

/**
 * The reason in one line: the complaints in ganesha's log, or the last lines of anything else.
 * `undefined` for a text that says nothing.
 */
export function lastWords(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const complaints = lines.map(complaintIn).filter((message) => message !== undefined);
  const plain = lines.filter((line) => line !== '' && !isOfGanesha(line));
  const words = complaints.length > 0 ? complaints : plain;
  return words.length > 0 ? [...new Set(words)].slice(-LINES).join('; ') : undefined;
}

/** Form of a line of ganesha's: `date time : epoch … : host : process[thread] function :COMPONENT :LEVEL :message`. */
function complaintIn(line: string): string | undefined {
  const [, message] = / :(?:CRIT|MAJ|FATAL) :(.*)$/.exec(line) ?? [];
  return message === undefined || EMPTY.test(message) ? undefined : message.trim();
}

function isOfGanesha(line: string): boolean {
  return / : epoch [0-9a-f]+ : /.test(line);
}
