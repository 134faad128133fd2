import test from 'ava';
import type { ClientWay } from '../../../../agent/net/ffi/frames/client-frames.ts';
import { DeafMachines, FramedBlocks } from '../../../../agent/net/tftp/framed-blocks.ts';
import { DatagramHead } from '../../../../agent/protocol/ethernet/datagram-head.ts';
import { encodeTftp } from '../../../../agent/protocol/tftp/packet.ts';

const from = { address: '192.168.152.1', port: 4000 };
const to = { address: '192.168.152.7', port: 2000 };
const name = Buffer.alloc(20);
const way: ClientWay = { head: new DatagramHead(from, to), name, nameAt: 1 };

const data = (block: number, length = 512): Uint8Array =>
  encodeTftp({ kind: 'data', block, bytes: new Uint8Array(length) });

type Setup = {
  readonly deaf?: DeafMachines;
  readonly found?: ClientWay | undefined;
  readonly address?: string;
};

function open({ deaf = new DeafMachines(), address = from.address, ...given }: Setup = {}) {
  const asked: string[] = [];
  const found = 'found' in given ? given.found : way;
  const frames = {
    takes: ({ length }: Uint8Array) => length > 64,
    wayTo: (_: unknown, place: { readonly address: string }) => {
      asked.push(place.address);
      return found;
    },
  };
  const framed = new FramedBlocks({ frames, from: { ...from, address }, to, deaf });
  /** Which of these blocks are to be frames, asked one after the other. */
  const framesOf = (blocks: readonly number[], length?: number) =>
    blocks.filter((block) => framed.wayOf(data(block, length)) === way);
  return { framed, framesOf, asked, deaf };
}

test('FramedBlocks lets the first blocks be datagrams, by which the kernel finds the client, and asks once for the way', (t) => {
  const { framesOf, asked } = open();
  t.deepEqual(framesOf([1, 2, 3, 4, 5, 6, 7]), [5, 6, 7]);
  t.deepEqual(asked, [to.address]);
  t.deepEqual(framesOf([65_535, 0, 1]), [65_535, 0, 1], 'numbers begin anew');
});

test('FramedBlocks sends again as a datagram, and all behind it', (t) => {
  const { framesOf, deaf } = open();
  t.deepEqual(framesOf([1, 2, 3, 4, 5, 6, 6, 7, 8]), [5, 6]);
  t.false(deaf.has(to.address), 'it has acknowledged a frame');
});

test('FramedBlocks sends none to a machine that acknowledged none, in its next transfers either', (t) => {
  const { framesOf, deaf } = open();
  t.deepEqual(framesOf([1, 2, 3, 4, 5, 5, 6, 7]), [5]);
  t.true(deaf.has(to.address));
  const next = open({ deaf });
  t.deepEqual(next.framesOf([1, 2, 3, 4, 5, 6]), []);
  t.deepEqual(next.asked, []);
});

test('FramedBlocks sends no frames where a datagram was lost before the first of them', (t) => {
  const { framesOf, deaf } = open();
  t.deepEqual(framesOf([1, 2, 2, 3, 4, 5, 6, 7]), []);
  t.false(deaf.has(to.address));
});

test('FramedBlocks asks no more where the kernel does not know the client, as behind a router', (t) => {
  const { framesOf, asked } = open({ found: undefined });
  t.deepEqual(framesOf([1, 2, 3, 4, 5, 6, 7]), []);
  t.is(asked.length, 1);
});

test('FramedBlocks leaves short blocks, other packets, and a server of all addresses to datagrams', (t) => {
  const { framed, framesOf } = open();
  t.deepEqual(framesOf([1, 2, 3, 4, 5, 6], 20), []);
  t.deepEqual(framesOf([7]), [7]);
  t.is(framed.wayOf(encodeTftp({ kind: 'error', code: 0, message: 'x'.repeat(90) })), undefined);
  t.deepEqual(open({ address: '0.0.0.0' }).framesOf([1, 2, 3, 4, 5, 6]), []);
});

test('DeafMachines forgets all of them rather than remember without end', (t) => {
  const deaf = new DeafMachines();
  for (let at = 0; at < 4096; at += 1) deaf.add(String(at));
  t.true(deaf.has('0'));
  deaf.add('one more');
  t.false(deaf.has('0'));
  t.true(deaf.has('one more'));
});
