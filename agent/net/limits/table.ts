// The one table of what the server's sockets take: how much of one connection, of one address and in all, and what
// happens there. Whoever reads no answer, asks without end or makes addresses up meets one of these rows.

import { LONGEST_STREAM } from '../../protocol/logs/stream-head.ts';

/** One row. A number that is missing is bounded by the others. */
export type Limit = {
  readonly server:
    | 'firewall'
    | 'HTTP'
    | 'notifications (12347)'
    | 'log lines (12347)'
    | 'log lines (UDP)'
    | 'TFTP'
    | 'DHCP'
    | 'NFS'
    | 'names'
    | 'time'
    | 'API'
    | 'log'
    | 'consoles'
    | 'nodes';
  readonly what: string;
  /** of `each`, `perUser`, `perAddress` and `inAll`; a plain number where it is missing */
  readonly unit?: 'bytes' | 'seconds';
  /** of one connection, client or request */
  readonly each?: number;
  readonly perUser?: number;
  readonly perAddress?: number;
  readonly inAll?: number;
  /** what happens there */
  readonly outcome: string;
  /** how the line of the log goes on behind the address */
  readonly sentence: string;
};

/** The rows by the names that code and tests use. */
export const LIMITS = {
  'other-networks': {
    server: 'firewall',
    what: 'packets to the ports of all servers but DHCP, by another interface than that of walt-net',
    inAll: 0,
    outcome: 'they are dropped (nftables)',
    sentence: 'comes from another network: what it sends to the servers of walt-net is dropped',
  },
  'http-networks': {
    server: 'HTTP',
    what: 'connections from outside walt-net',
    inAll: 0,
    outcome: 'it ends unread',
    sentence: 'is of another network: it gets no boot files',
  },
  'http-connections': {
    server: 'HTTP',
    what: 'connections',
    perAddress: 16,
    inAll: 4096,
    outcome:
      'the oldest one of the address ends; in all: one of a stranger, else of who holds most',
    sentence: 'holds too many connections: they end, oldest first',
  },
  'http-answers': {
    server: 'HTTP',
    what: 'files being sent',
    perAddress: 8,
    inAll: 1000,
    outcome: 'the next one waits for its turn; nodes first, and a quarter is theirs alone',
    sentence: 'wants a file while as many are sent as may be: it waits for its turn',
  },
  'http-media': {
    server: 'HTTP',
    what: 'boot media being sent',
    perAddress: 2,
    inAll: 16,
    outcome: 'the next one waits for its turn; none of them takes a place of the files above',
    sentence: 'fetches more boot media at once than are sent: the next one waits',
  },
  'http-requests-ahead': {
    server: 'HTTP',
    what: 'requests sent ahead of their answers',
    each: 8,
    outcome: 'the connection ends',
    sentence: 'asks on without reading its answers: its connection ends',
  },
  'http-head': {
    server: 'HTTP',
    what: 'head of a request',
    unit: 'bytes',
    each: 8192,
    outcome: '431, and the connection ends',
    sentence: 'sends an endless request: it is told 431',
  },
  'http-request': {
    server: 'HTTP',
    what: 'time to send a request',
    unit: 'seconds',
    each: 30,
    outcome: '408, and the connection ends',
    sentence: 'does not get on with its request: its connection ends',
  },
  'http-stalled': {
    server: 'HTTP',
    what: 'time in which a client takes no byte',
    unit: 'seconds',
    each: 30,
    outcome: 'the connection ends',
    sentence: 'does not read its answer: its connection ends',
  },
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
  'tftp-networks': {
    server: 'TFTP',
    what: 'requests from outside walt-net',
    inAll: 0,
    outcome: 'it gets no answer',
    sentence: 'is of another network: it gets no boot files',
  },
  'tftp-running': {
    server: 'TFTP',
    what: 'transfers',
    perAddress: 32,
    inAll: 1000,
    outcome: 'the next one waits for its turn; nodes first, and a quarter is theirs alone',
    sentence: 'wants a file while as many transfers run as may: it waits for its turn',
  },
  'tftp-waiting': {
    server: 'TFTP',
    what: 'requests that wait',
    perAddress: 100,
    inAll: 16_000,
    outcome: 'error 0: try again later',
    sentence: 'asks for more transfers than run and wait: it is told to try again later',
  },
  'dhcp-waiting': {
    server: 'DHCP',
    what: 'packets that wait',
    each: 4,
    outcome: 'it gets no answer, and asks again',
    sentence: 'asks faster than it is answered: packets of it are dropped',
  },
  'dhcp-clients': {
    server: 'DHCP',
    what: 'clients being answered',
    inAll: 16_384,
    outcome: 'it gets no answer, and asks again; a quarter is for nodes alone',
    sentence: 'and too many others ask at once: packets of strangers are dropped',
  },
  'dhcp-delayed': {
    server: 'DHCP',
    what: 'answers that leave later',
    inAll: 32_768,
    outcome: 'it is not sent, and the client asks again',
    sentence: 'and too many others wait for answers that are sent later: some are not sent',
  },
  'nfs-connections': {
    server: 'NFS',
    what: 'connections to port 2049',
    perAddress: 16,
    inAll: 10_000,
    outcome: 'the oldest ones of the address end, within a second',
    sentence: 'holds too many connections: they end, oldest first',
  },
  'nfs-mounts': {
    server: 'NFS',
    what: 'connections to port 20048 (mount), and to port 111',
    perAddress: 8,
    outcome: 'the oldest ones of the address end, within a second',
    sentence: 'holds too many connections to the mount service: they end, oldest first',
  },
  'nfs-pace': {
    server: 'NFS',
    what: 'new connections in a second, after 40 at once',
    perAddress: 20,
    outcome: 'the next one is dropped, and tried again by its machine a second later (nftables)',
    sentence: 'opens connections too fast: they have to wait',
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
  'api-connections': {
    server: 'API',
    what: 'connections',
    inAll: 256,
    outcome: 'it ends unread',
    sentence: 'has no room for more connections',
  },
  'api-tls-connections': {
    server: 'API',
    what: 'connections by HTTPS (`api.listen`)',
    perAddress: 128,
    inAll: 512,
    outcome: 'the oldest one of who holds most ends',
    sentence: 'has too many connections to the API: its oldest one ends',
  },
  'api-handshakes': {
    server: 'API',
    what: 'handshakes of TLS in a second, after 32 at once; addresses take turns',
    perAddress: 50,
    outcome: 'the next one waits for its turn, which delays its own address alone',
    sentence: 'opens connections to the API too fast: they have to wait',
  },
  'api-requests-ahead': {
    server: 'API',
    what: 'requests sent ahead of their answers',
    each: 8,
    outcome: 'the connection ends',
    sentence: 'is asked on by who does not read: the connection ends',
  },
  'api-uploads': {
    server: 'API',
    what: 'uploads that come, or that no call has used yet; an administrator has no share',
    perUser: 2,
    inAll: 8,
    outcome:
      '429 where it is the share, else 503, and the reason for who called; one that nobody uses is removed after an hour',
    sentence: 'has as many uploads as it may: the next one is told so',
  },
  'api-request': {
    server: 'API',
    what: 'time to send a request by HTTPS; of an upload, time in which no byte comes',
    unit: 'seconds',
    each: 60,
    outcome: '408, or the connection ends',
    sentence: 'does not get on with its request to the API: it is told 408, or its connection ends',
  },
  'event-followers': {
    server: 'API',
    what: 'programs that follow the events (`/api/v1/events`)',
    perUser: 64,
    perAddress: 128,
    inAll: 256,
    outcome: '429 where it is the share, else 503, and the reason for who called',
    sentence: 'has as many programs that follow events as it may: the next one is told so',
  },
  'log-followers': {
    server: 'log',
    what: 'commands that follow the log',
    perUser: 32,
    perAddress: 64,
    inAll: 128,
    outcome: '429 where it is the share, else 503, and the reason for who called',
    sentence: 'has as many programs that follow the log as it may: the next one is told so',
  },
  'log-searches': {
    server: 'log',
    what: 'commands that search the log by regular expressions',
    inAll: 64,
    outcome: '503, and the reason for who called',
    sentence: 'is searched by too many: the next one is told so',
  },
  'console-viewers': {
    server: 'consoles',
    what: 'commands that look at a console',
    perUser: 32,
    perAddress: 64,
    inAll: 128,
    outcome: '429 where it is the share, else 503, and the reason for who called',
    sentence: 'has as many programs that look at consoles as it may: the next one is told so',
  },
  'console-datagrams': {
    server: 'consoles',
    what: 'said by UDP in a second, after four times as much at once',
    unit: 'bytes',
    perAddress: 65_536,
    inAll: 1_048_576,
    outcome: 'it is dropped',
    sentence: 'says too much on its console by UDP: some of it is dropped',
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

/** A row of the table. */
export type LimitName = keyof typeof LIMITS;

/** Told of a limit that was met. @param from whose it is: an address, a MAC, or who else asked */
export type OnLimit = (limit: LimitName, from: string) => void;
