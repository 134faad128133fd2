// Ways out of the folder of boot files, control characters, heads without end, odd methods, and starts of other machines.
import { type Attack, again, type Ground, oneOf } from '../attack.ts';
import { sendOnce } from '../connections.ts';
import { HOSTILE_PATHS } from '../paths.ts';

const PAUSE_MS = 40;
const OTHERS = [
  'CONNECT x:1 HTTP/1.1\r\n\r\n',
  'POST /boot/kernel HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\nx',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nfffffffff\r\n',
  'GET /boot/kernel HTTP/1.1\r\nHost: x\r\nRange: bytes=0-0,1-1,2-2,-1\r\n\r\n',
  'GET /boot/kernel HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
  `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(5000)}\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
];

export const hostilePaths: Attack = {
  name: 'hostile-paths',
  what: 'HTTP: ways out of the folder, control characters, odd requests, starts of other machines',
  run: (ground, count) =>
    again(ground, PAUSE_MS, () => {
      sendOnce(ground, { port: 80, from: oneOf(ground, ground.addresses), bytes: request(ground) });
      count();
    }),
};

function request(ground: Ground): string {
  const victim = oneOf(ground, ground.victims);
  return oneOf(ground, [
    () => `GET /boot/${oneOf(ground, HOSTILE_PATHS)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    () => `GET ${oneOf(ground, HOSTILE_PATHS)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    () => `GET /walt/pc-x86-64/${victim}/start.grub HTTP/1.1\r\nHost: x\r\n\r\n`,
    () => oneOf(ground, OTHERS),
  ])();
}
