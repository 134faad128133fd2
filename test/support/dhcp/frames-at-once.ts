// Sends itself frames while the program that passes them is stopped, and says how many it has passed then, for a test to run in
// a namespace. Argument: how many.
import { readFile } from 'node:fs/promises';
import { openPacketSocket } from '../../../agent/net/frames/packet-socket.ts';
import { arpProbe } from '../../../agent/protocol/ethernet/arp.ts';

const count = Number(process.argv[2]);
const [ONE, LAST] = ['10.0.0.1', '10.0.0.2'].map((ip) => arpProbe(ip, '02:00:00:00:00:01'));
let passed = 0;
const hasLast = Promise.withResolvers<void>();

const ears = await openPacketSocket('lo', {
  onFrame: (frame) => {
    if (LAST?.every((byte, at) => byte === frame[at])) hasLast.resolve();
    else passed += 1;
    return undefined;
  },
  onProblem: (reason) => hasLast.reject(reason),
});
const pid = Number(await readFile(`/proc/self/task/${process.pid}/children`, 'utf8'));
process.kill(pid, 'SIGSTOP');
await say(Array.from({ length: count }, () => ONE));
process.kill(pid, 'SIGCONT');
await say([LAST]);
await hasLast.promise;
console.log(passed);
await ears.close();

/** Resolves when all of them have left. */
async function say(frames: readonly (Uint8Array | undefined)[]): Promise<void> {
  const voice = await openPacketSocket('lo', {
    onFrame: () => undefined,
    onProblem: (reason) => hasLast.reject(reason),
  });
  for (const frame of frames) voice.send(frame ?? new Uint8Array());
  await voice.close();
}
