// A local account that may open the API's socket: noise, requests ahead of their answers, connections that say nothing.
import { connect } from 'node:net';
import { type Attack, again, noise, oneOf, pick } from '../attack.ts';

const PAUSE_MS = 200;
/** Fewer than the server takes: whoever may use `walt` could keep everybody else from it, and is trusted not to. */
const MOST_OPEN = 100;

export const apiGarbage: Attack = {
  name: 'api-garbage',
  what: 'noise and unread answers at the socket of the API',
  run: (ground, count) => {
    const { apiSocket } = ground;
    if (apiSocket === undefined) return Promise.resolve();
    const texts = [
      noise(ground, 4000),
      'GET /devices HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2000),
      `GET /${'x'.repeat(50_000)}`,
      'POST /nodes HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n{',
      '',
    ];
    let open = 0;
    return again(ground, PAUSE_MS, () => {
      if (open >= MOST_OPEN) return;
      open += 1;
      const socket = connect(apiSocket).on('error', () => socket.destroy());
      socket.write(oneOf(ground, texts));
      const timer = setTimeout(() => socket.destroy(), 1000 + pick(ground, 10_000));
      socket.once('close', () => {
        open -= 1;
        clearTimeout(timer);
      });
      count();
    });
  },
};
