// Rows of the table of limits: what nodes say and ask once their system starts, and what they answer.
import { LONGEST_STREAM } from '../../../protocol/logs/stream-head.ts';
import type { Limit } from '../limit.ts';

/** Of notifications, lines of the log, names, the time, and commands to nodes. */
export const NODE_LIMITS = {
  'bootup-networks': {
    server: 'notifications (12347)',
    what: 'connections from outside walt-net',
    inAll: 0,
    outcome: 'it ends unread',
    sentence: 'is of another network: it is not heard',
  },
  'bootup-connections': {
    server: 'notifications (12347)',
    what: 'connections',
    perAddress: 4,
    inAll: 12_000,
    outcome:
      'the oldest one of the address ends; in all: one of a stranger, else of who holds most',
    sentence: 'holds too many connections: they end, oldest first',
  },
  'bootup-line': {
    server: 'notifications (12347)',
    what: 'first line',
    unit: 'bytes',
    each: 256,
    outcome: 'the connection ends',
    sentence: 'sends a line without end: its connection ends',
  },
  'bootup-first-line': {
    server: 'notifications (12347)',
    what: 'time until the first line',
    unit: 'seconds',
    each: 15,
    outcome: 'the connection ends',
    sentence: 'connects and says nothing: its connection ends',
  },
  'log-connections': {
    server: 'log lines (12347)',
    what: 'streams of lines',
    perAddress: 32,
    inAll: 4096,
    outcome:
      'the oldest one of the address ends; in all: one of a stranger, else of who holds most',
    sentence: 'sends too many streams of log lines: they end, oldest first',
  },
  'log-strangers': {
    server: 'log lines (12347)',
    what: 'streams from addresses of no device',
    inAll: 0,
    outcome: 'it ends, and its lines are dropped',
    sentence: 'is the address of no device: its log lines are dropped',
  },
  'log-stream-name': {
    server: 'log lines (12347)',
    what: 'name of a stream, characters of A-Z a-z 0-9 . _ - and none that begins with platform. or daemon.',
    each: LONGEST_STREAM,
    outcome: 'the stream ends, and its lines are dropped',
    sentence:
      'sends log lines to a stream that it may not call so (A-Z a-z 0-9 . _ - only, at most 64 characters, not platform.* or daemon.*): they are dropped',
  },
  'log-line': {
    server: 'log lines (12347)',
    what: 'one line',
    unit: 'bytes',
    each: 16_384,
    outcome: 'the rest of it is dropped, and its end says how much',
    sentence: 'sends log lines that are too long: they are cut',
  },
  'log-pace': {
    server: 'log lines (12347)',
    what: 'lines in a second, after 20,000 at once',
    perAddress: 10_000,
    outcome: 'the server reads on later: the sender has to wait, and nothing is lost',
    sentence: 'sends log lines too fast: it has to wait',
  },
  'log-bytes': {
    server: 'log lines (12347)',
    what: 'lines in a second, after twice as much at once',
    unit: 'bytes',
    perAddress: 2_097_152,
    outcome: 'the same',
    sentence: 'sends too much to the log: it has to wait',
  },
  'log-datagrams': {
    server: 'log lines (UDP)',
    what: 'lines in a second, after twice as many at once; in all, lines on the way to the disk',
    perAddress: 1000,
    inAll: 8192,
    outcome: 'it is dropped, and a line of that stream says how many were',
    sentence: 'sends log lines by UDP too fast: some are dropped',
  },
  'names-pace': {
    server: 'names',
    what: 'questions in a second, after 100 at once (by TCP: connections)',
    perAddress: 20,
    outcome: 'the next one is dropped, and asked again by its machine (nftables)',
    sentence: 'asks for names too fast: some questions get no answer',
  },
  'names-connections': {
    server: 'names',
    what: 'connections by TCP, of 20 in all',
    perAddress: 4,
    outcome: 'the oldest ones of the address end, within a second',
    sentence: 'holds too many connections to the name server: they end, oldest first',
  },
  'ntp-networks': {
    server: 'time',
    what: 'questions from outside walt-net',
    inAll: 0,
    outcome: 'it gets no answer',
    sentence: 'is of another network: it is not told the time',
  },
  'ntp-pace': {
    server: 'time',
    what: 'questions in a second',
    perAddress: 8,
    inAll: 5000,
    outcome: 'it gets no answer, and asks again',
    sentence: 'asks for the time too often: some questions get no answer',
  },
  'node-answer': {
    server: 'nodes',
    what: 'answer to a command of ours',
    unit: 'bytes',
    each: 1024,
    outcome: 'the connection ends, and the command fails',
    sentence: 'answers a command without end: its connection ends',
  },
  'node-time': {
    server: 'nodes',
    what: 'time for all of a command of ours',
    unit: 'seconds',
    each: 10,
    outcome: 'the connection ends, and the command fails',
    sentence: 'does not answer a command: its connection ends',
  },
} as const satisfies Readonly<Record<string, Limit>>;
