// Sends many requests on each of a few connections and reads no answer: `http-storm.ts ADDRESS PATH REQUESTS CONNECTIONS`.
// Says `ended` for each connection that the server ends.
import { connect } from 'node:net';

const [host = '', path = '/', requests = '2000', connections = '3'] = process.argv.slice(2);
const text = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(Number(requests));

for (let index = 0; index < Number(connections); index += 1) {
  const socket = connect(80, host);
  socket.on('error', () => socket.destroy());
  // Nothing is read, so nothing else tells that the connection is over.
  const asking = setInterval(() => socket.write('\r\n'), 100);
  socket.once('close', () => {
    clearInterval(asking);
    console.log('ended');
  });
  socket.pause();
  socket.write(text);
}
