// The program of a thread that tries regular expressions (`matching-thread.ts`): it may take for ever, and is ended then.
import { parentPort } from 'node:worker_threads';
import type { Answer, Question } from './matching-thread.ts';

parentPort?.on('message', ({ pattern, texts }: Question) => {
  parentPort?.postMessage(answerTo(pattern, texts));
});
parentPort?.postMessage('ready');

function answerTo(pattern: string, texts: readonly string[]): Answer {
  try {
    const expression = new RegExp(pattern);
    return { found: texts.map((text) => expression.test(text)) };
  } catch (reason) {
    // Some expressions turn out to be too large only when they are used.
    return { refused: reason instanceof Error ? reason.message : String(reason) };
  }
}
