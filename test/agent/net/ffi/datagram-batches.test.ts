import test from 'ava';
import { DatagramBatches } from '../../../../agent/net/ffi/datagram-batches.ts';
import { loadSystemCalls } from '../../../../agent/net/ffi/system-calls.ts';

/** Numbers of errors of Linux on x86-64 and arm64 (errno(3)). */
const ERRORS = { EIO: 5, EAGAIN: 11, EINVAL: 22, EMSGSIZE: 90 };

/** Calls of which none reaches the kernel: what it says of messages that are to be cut is `errno`, and it takes all others. */
async function open(errno: number) {
  const calls = await loadSystemCalls();
  if (calls === undefined) throw new Error('koffi has to be there where this is tested');
  const counts: number[] = [];
  const batches = new DatagramBatches({
    ...calls,
    send: (_fd, _headers, count) => {
      counts.push(count);
      return count === 1 ? -1 : count;
    },
    errno: () => errno,
  });
  // Sixteen datagrams: one message that is cut, or sixteen.
  const run = { memory: new ArrayBuffer(16 * 1000), offset: 0, length: 16 * 1000, stride: 1000 };
  const send = (address: string) => batches.sendRun(7, run, { address, port: 1069 });
  return { send, counts };
}

for (const name of ['EIO', 'EINVAL', 'EMSGSIZE'] as const) {
  test(`DatagramBatches.sendRun() cuts by itself for a client where the kernel says ${name}, and for no other`, async (t) => {
    const { send, counts } = await open(ERRORS[name]);
    t.is(send('192.168.152.9'), 16);
    t.is(send('192.168.152.9'), 16);
    t.deepEqual(counts.splice(0), [1, 16, 16]);
    t.is(send('192.168.152.10'), 16);
    t.deepEqual(counts, [1, 16]);
  });
}

test('DatagramBatches.sendRun() leaves to its caller what the kernel has no room for now', async (t) => {
  const { send, counts } = await open(ERRORS.EAGAIN);
  t.is(send('192.168.152.9'), 0);
  t.is(send('192.168.152.9'), 0);
  t.deepEqual(counts, [1, 1]);
});
