// Frames through perl, in a network of the test's own.
import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import {
  joinFrames,
  passFrames,
  readFrames,
  splitFrames,
  writeFrame,
} from '../../../../agent/net/frames/frame-pipe.ts';
import { createNamespace } from '../../../support/namespace.ts';

/** A packet socket of the loopback, to which so many frames come before it is read. */
const program = (count: number, restSeconds: number) => `
use strict; use warnings; use Socket;
sub open_wire {
  socket(my $wire, 17, 3, 0) or die "socket: $!";
  my $request = pack('a16 x24', 'lo');
  ioctl($wire, 0x8933, $request) or die "index: $!";
  bind($wire, pack('S n i S C C a8', 17, 3, unpack('x16 i', $request), 0, 0, 0, '')) or die "bind: $!";
  return $wire;
}
my $wire = open_wire();
setsockopt($wire, SOL_SOCKET, 33, 1 << 20) or die "room: $!";
my $greeting = 'ready';
send(open_wire(), "\\xff" x 6 . "\\0" x 6 . "\\x88\\xb5frame $_", 0) or die "send: $!" for 1 .. ${count};
${passFrames('< 3', '1', restSeconds)}`;

test('passFrames() rests when all that came has been passed, and not before', async (t) => {
  const namespace = await createNamespace(`wfp${process.pid}`);
  t.teardown(() => namespace.remove());
  const [file = '', ...args] = namespace.command(['perl', '-e', program(150, 3600)]);
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const frames: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  readFrames(child.stdout, (frame) => {
    frames.push(frame.toString('latin1', frames.length === 0 ? 0 : 14));
    if (frames.length === 151) resolve();
  });
  await Promise.race([promise, sleep(20_000, undefined, { ref: false })]);
  t.deepEqual(frames, [
    'ready',
    ...Array.from({ length: 150 }, (_, number) => `frame ${number + 1}`),
  ]);
});

test('writeFrame() sends frames that readFrames() reads back, though their memory is written to again', async (t) => {
  const pipe = new PassThrough();
  const read: Buffer[] = [];
  readFrames(pipe, (frame) => read.push(frame));
  const frame = new Uint8Array(300);
  const sent = [42, 60, 300, 1].map((length, at) => {
    const part = frame.fill(at + 1).subarray(0, length);
    writeFrame(pipe, part);
    return Buffer.from(part);
  });
  while (read.length < sent.length) await new Promise(setImmediate);
  t.deepEqual(read, sent);
});

test('splitFrames() takes apart what joinFrames() made, as far as it is there', (t) => {
  const frames = [0, 1, 255, 256, 65_535].map((length) => Buffer.alloc(length, length));
  const joined = Buffer.from(joinFrames(frames));
  const split = (bytes: Buffer) => {
    const found: Buffer[] = [];
    const rest = splitFrames(bytes, (frame) => found.push(frame));
    return { found, rest: rest.length };
  };
  t.deepEqual(split(joined), { found: frames, rest: 0 });
  t.deepEqual(split(joined.subarray(0, -1)), { found: frames.slice(0, -1), rest: 65_536 });
  t.deepEqual(split(joined.subarray(0, 1)), { found: [], rest: 1 });
});
