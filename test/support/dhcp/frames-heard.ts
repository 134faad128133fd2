// Hears frames of an interface, for a test to run in a namespace: says `hears MAC`, then each frame in hex, and each problem. Lines of its
// input are frames to send, `hold` (it does nothing for a while), `mark` (it says so) or `exit` (at once); it ends with its input. Arguments: interface, `perl` or `thread`, message types of clients with commas
// between, and after how many milliseconds a thread looks for its interface (-1: never).
import { createInterface } from 'node:readline';
import { loadSystemCalls } from '../../../agent/net/ffi/system-calls.ts';
import { openPacketSocket } from '../../../agent/net/frames/packet-socket.ts';
import { perlFrames } from '../../../agent/net/frames/perl-frames.ts';
import { threadFrames } from '../../../agent/net/frames/thread-frames.ts';

const [networkInterface = '', holder, clientTypes = '', quietMs] = process.argv.slice(2);
const calls = await loadSystemCalls();
if (calls === undefined) throw new Error('koffi is missing');
const typesOf = (text: string) => text.split(',').filter(Boolean).map(Number);

const options = {
  onFrame: (frame: Uint8Array) => {
    console.log(`frame ${Buffer.from(frame).toString('hex')}`);
    return undefined;
  },
  clientMessages: typesOf(clientTypes),
  onProblem: (reason: unknown) => console.log(String(reason)),
};
const ears = await openPacketSocket(
  networkInterface,
  options,
  holder === 'perl'
    ? perlFrames
    : threadFrames(calls, quietMs === undefined ? undefined : Number(quietMs)),
);
console.log(`hears ${ears.mac}`);
const input = createInterface(process.stdin);
input.on('line', (line) => {
  if (line === 'exit') process.exit(7);
  if (line === 'hold') holdUp();
  else if (line === 'mark') console.log('marked');
  else console.log(`sent ${ears.send(Buffer.from(line, 'hex'))}`);
});
input.on('close', async () => {
  await ears.close();
  console.log(`closed ${ears.mac}`);
});

function holdUp(): void {
  console.log('held');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
}
