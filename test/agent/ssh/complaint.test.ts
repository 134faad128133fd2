import test from 'ava';
import { sshComplaint } from '../../../agent/ssh/complaint.ts';

const NODE = { name: 'pc-1', ip: '10.0.0.9' };

/** What OpenSSH 9.2 writes. */
const CASES: readonly [string, RegExp | undefined][] = [
  ['', undefined],
  ['ssh: connect to host 10.0.0.9 port 22: No route to host\r\n', /10\.0\.0\.9 does not answer/],
  ['ssh: connect to host 10.0.0.9 port 22: Connection timed out\r\n', /does not answer/],
  ['Connection timed out during banner exchange\n', /does not answer/],
  ['ssh: connect to host 10.0.0.9 port 22: Connection refused\r\n', /no ssh server answers/],
  [
    'No RSA host key is known for 52:54:00:00:00:01 and you have requested strict checking.\nHost key verification failed.\n',
    /shows another host key/,
  ],
  ['root@10.0.0.9: Permission denied (publickey).\n', /does not take the server's key/],
  ['Timeout, server 10.0.0.9 not responding.\n', /^The connection to pc-1 broke off/],
  ['client_loop: send disconnect: Broken pipe\n', /^The connection to pc-1 broke off/],
  ['kex_exchange_identification: read: Connection reset by peer\n', /broke off/],
  [
    'channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\n',
    /^Nothing listens on this port of pc-1$/,
  ],
  ['first\nsomething new\n', /^Cannot enter pc-1: something new$/],
];

for (const [index, [log, expected]] of CASES.entries()) {
  test(`sshComplaint() says what log ${index} means: ${JSON.stringify(log.slice(0, 50))}`, (t) => {
    const sentence = sshComplaint(log, NODE);
    if (expected === undefined) return t.is(sentence, undefined);
    t.regex(sentence ?? '', expected);
    t.notRegex(sentence ?? '', /\n/);
  });
}
