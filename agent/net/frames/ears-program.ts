/**
 * The program of the thread that hears frames (`thread-frames.ts`). It sleeps in a call of Linux, hands over what has come together, and
 * rests then. It ends when its bell rings, and with an error where its interface is gone.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type EarDescriptors, MOST_FRAMES, PacketEars } from '../ffi/frames/packet-ears.ts';
import { indexBy } from '../ffi/interface-facts.ts';
import { loadSystemCalls, type SystemCalls } from '../ffi/system-calls.ts';
import { joinFrames } from './frame-pipe.ts';
import { REST_MS } from './hold-frames.ts';
import { isWanted, type SoughtMessages } from './wanted-frames.ts';

/** What the thread is told. */
export type EarsData = EarDescriptors & {
  /** name and number of the interface */
  readonly name: string;
  readonly index: number;
  readonly sought: SoughtMessages;
  /** where nothing comes for so long, it looks whether the interface is there; -1: it waits for ever */
  readonly quietMs: number;
  /** one number that both threads see: bytes that were handed over, and nobody has looked at yet */
  readonly waiting: Int32Array;
};

/** The server is held up: what comes waits in the socket, and is lost there when that is full. */
const MOST_WAITING = 2 ** 18;

const calls = await loadSystemCalls();
if (calls === undefined) throw new Error('koffi cannot be loaded in a thread');
hear(calls, workerData as EarsData);

function hear(
  calls: SystemCalls,
  { name, index, sought, quietMs, waiting, ...descriptors }: EarsData,
) {
  const ears = new PacketEars(calls, descriptors);
  parentPort?.postMessage('hears');
  while (!ears.sleep(quietMs)) {
    const wanted: Buffer[] = [];
    const count = ears.take((frame) => {
      if (isWanted(frame, sought)) wanted.push(frame);
    });
    if (count === 0 && indexBy(calls, name) !== index) throw new Error(`${name} is gone`);
    if (wanted.length > 0) {
      const frames = joinFrames(wanted);
      Atomics.add(waiting, 0, frames.length);
      parentPort?.postMessage(frames, [frames.buffer]);
    }
    if (count === MOST_FRAMES && Atomics.load(waiting, 0) < MOST_WAITING) continue;
    do {
      if (ears.rest(REST_MS)) return;
    } while (Atomics.load(waiting, 0) >= MOST_WAITING);
  }
}
