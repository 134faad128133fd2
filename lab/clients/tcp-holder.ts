// Opens connections and says nothing on them: prints `open` once each of them has come about or was refused, and holds what
// the other end does not end, until it is killed.
// node lab/clients/tcp-holder.ts ADDRESS PORT COUNT
import { connect } from 'node:net';

const [host = '', port = '', count = ''] = process.argv.slice(2);
let waiting = Number(count);

for (let index = 0; index < Number(count); index += 1) {
  const socket = connect({ host, port: Number(port) });
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('connect', resolve).on('close', () => resolve());
  socket.on('error', () => socket.destroy());
  socket.resume();
  void promise.then(() => {
    waiting -= 1;
    if (waiting === 0) console.log('open');
  });
}
