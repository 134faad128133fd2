// Port 12347: lines without end, lines that mean nothing, and claims to be booted by who is no node.
import { type Attack, again, noise, oneOf } from '../attack.ts';
import { sendOnce } from '../connections.ts';

const PAUSE_MS = 60;

export const longLines: Attack = {
  name: 'long-lines',
  what: '12347: lines without end, noise, and claims to be booted',
  run: (ground, count) => {
    const lines = [
      'x'.repeat(100_000),
      noise(ground, 2000),
      'REQ_NOTIFY_BOOTUP_STATUS\n',
      '\u001b[2J\r\u0007owned\n',
      'REQ_NOTIFY_BOOTUP_STATUS'.repeat(50),
    ];
    return again(ground, PAUSE_MS, () => {
      const [from, bytes] = [oneOf(ground, ground.addresses), oneOf(ground, lines)];
      sendOnce(ground, { port: 12_347, from, bytes });
      count();
    });
  },
};
