/**
 * Damaged streams of log lines: whatever pieces their bytes come in, the lines are the same, none is longer than it may be, each
 * byte is in a line or counted, and each time is one that may be meant.
 */
import { LineCutter } from '../../agent/protocol/logs/line-cutter.ts';
import { lineText } from '../../agent/protocol/logs/line-text.ts';
import { timedLine } from '../../agent/protocol/logs/line-time.ts';
import { isNodeStream, readStreamHead } from '../../agent/protocol/logs/stream-head.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import { mutate } from '../support/bytes/mutate.ts';
import { FuzzFault, type FuzzTarget } from './target.ts';

const NOW = 1_764_000_000_000_000;
const LONGEST = 32;
const CORPUS = [
  'REQ_NEW_INCOMING_LOGS\nmy.stream\nNO_TIMESTAMPS\none\ntwo\r\nCLOSE\n',
  'REQ_NEW_INCOMING_LOGS\nmy.stream\nTIMESTAMPS_INSIDE\n1763999999.123456 one\n1763999999 \n',
  'a line that is longer than 32 bytes, and then some more of it\nshort\n',
  'temperature 21,5 °C — “ok” 😀 and so on and on and on\n\n\n',
  'REQ_NEW_INCOMING_LOGS\ns\nTIMESTAMPS_COUNTED 0123456789abcdef 7\n1763999999.5 one\n',
  '0\nplatform.nodes\nTIMESTAMPS_INSIDE\n1e99 x\n99999999999.999999999 y',
].map((text) => Buffer.from(text));

export const fuzzLogLines: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const counts = { lines: 0, cut: 0, streams: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const sample = CORPUS[Math.floor(random() * CORPUS.length)] ?? Buffer.alloc(0);
    const bytes = mutate(sample, random);
    try {
      const lines = linesOf(bytes, bytes.length + 1);
      const inPieces = linesOf(bytes, 1 + Math.floor(random() * 7));
      if (JSON.stringify(lines) !== JSON.stringify(inPieces)) throw new Error('pieces differ');
      check(lines);
      counts.lines += lines.length;
      counts.cut += lines.filter(({ missing }) => missing > 0).length;
      counts.streams += isStream(lines.map(({ text }) => text)) ? 1 : 0;
    } catch (error) {
      throw new FuzzFault(round, bytes, error);
    }
    if (round % 1000 === 0) alive(round);
  }
  return counts;
};

type Line = { readonly text: string; readonly length: number; readonly missing: number };

function linesOf(bytes: Uint8Array, pieceLength: number): Line[] {
  const cutter = new LineCutter(LONGEST);
  const lines = [];
  for (let at = 0; at < bytes.length; at += pieceLength) {
    lines.push(...cutter.cut(bytes.subarray(at, at + pieceLength)));
  }
  const last = cutter.end();
  if (last !== undefined) lines.push(last);
  return lines.map((line) => ({
    text: lineText(line),
    length: line.bytes.length,
    missing: line.missing,
  }));
}

function check(lines: readonly Line[]): void {
  for (const { text, length } of lines) {
    if (length > LONGEST) throw new Error(`a line of ${length} bytes`);
    const { at } = timedLine(text, NOW);
    if (!Number.isSafeInteger(at) || at > NOW + 1_000_000) throw new Error(`a time of ${at}`);
  }
}

function isStream([, stream = '', mode = '']: readonly string[]): boolean {
  const head = readStreamHead(stream, mode);
  const { first = 1 } = head?.counted ?? {};
  if (!Number.isSafeInteger(first) || first < 1) throw new Error(`a first line ${first}`);
  if (head === undefined || !isNodeStream(stream)) return false;
  if (/^(platform|daemon)\b/.test(stream) && !stream.includes('-')) {
    throw new Error(`a stream ${stream}`);
  }
  return true;
}
