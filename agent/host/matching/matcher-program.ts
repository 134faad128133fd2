// The program of a process that tries regular expressions (`matching-process.ts`): it may take for ever, and is killed then.
import type { Answer, Question } from './matching-process.ts';

process.on('message', ({ pattern, texts }: Question) => {
  process.send?.(answerTo(pattern, texts));
});
process.send?.('ready');

function answerTo(pattern: string, texts: readonly string[]): Answer {
  try {
    const expression = new RegExp(pattern);
    return { found: texts.map((text) => expression.test(text)) };
  } catch (reason) {
    // Some expressions turn out to be too large only when they are used.
    return { refused: reason instanceof Error ? reason.message : String(reason) };
  }
}
