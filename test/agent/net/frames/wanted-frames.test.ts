// The rule in TypeScript, and the same in perl.
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { joinFrames } from '../../../../agent/net/frames/frame-pipe.ts';
import { wantedInPerl } from '../../../../agent/net/frames/perl-frames.ts';
import { isWanted } from '../../../../agent/net/frames/wanted-frames.ts';

const [REQUEST, DECLINE, RELEASE] = [3, 4, 7];
const CLASS = 'walt.node.x86-64';

type Datagram = {
  readonly from?: number;
  readonly to?: number;
  readonly destination?: string;
  readonly headWords?: number;
  readonly payload?: readonly (number | string)[];
};

/** Ethernet, IPv4, UDP, and what is in it, as far as the rule looks. */
function frameOf({ from = 68, to = 67, destination = 'ffffffff', ...rest }: Datagram): Buffer {
  const { headWords = 5, payload = [] } = rest;
  const frame = Buffer.alloc(14 + 4 * headWords + 8);
  frame.writeUInt16BE(0x0800, 12);
  frame[14] = 0x40 | headWords;
  frame.write(destination, 30, 'hex');
  frame.writeUInt16BE(from, 14 + 4 * headWords);
  frame.writeUInt16BE(to, 14 + 4 * headWords + 2);
  const pieces = payload.map((each) =>
    typeof each === 'string' ? Buffer.from(each) : Buffer.of(each),
  );
  return Buffer.concat([frame, ...pieces]);
}

const arp = Buffer.alloc(42);
arp.writeUInt16BE(0x0806, 12);

const CASES: readonly (readonly [what: string, frame: Buffer, isIt: boolean])[] = [
  ['ARP', arp, true],
  ['less than ports', frameOf({}).subarray(0, 37), true],
  ['headers longer than the frame', frameOf({ headWords: 15 }).subarray(0, 40), true],
  ['what a server says', frameOf({ from: 67, to: 68 }), true],
  ['a DECLINE', frameOf({ payload: [53, 1, DECLINE] }), true],
  ['a DECLINE behind options of IPv4', frameOf({ headWords: 7, payload: [53, 1, DECLINE] }), true],
  ['a DECLINE whose type comes late', frameOf({ payload: [53, 2, 53, 1, DECLINE] }), true],
  ['a DECLINE behind half of one', frameOf({ payload: [53, 1, 53, 1, DECLINE] }), true],
  ['a REQUEST', frameOf({ payload: [53, 1, REQUEST] }), false],
  ['a REQUEST of our loaders', frameOf({ payload: [53, 1, REQUEST, CLASS] }), true],
  ['a REQUEST of others', frameOf({ payload: [53, 1, REQUEST, 'walt.nodes'] }), false],
  ['another message of our loaders', frameOf({ payload: [53, 1, 8, CLASS] }), false],
  ['a type that is cut off', frameOf({ payload: [53, 1] }), false],
  ['a type of two bytes', frameOf({ payload: [53, 2, DECLINE] }), false],
  ['a console, to everybody', frameOf({ to: 6666 }), true],
  ['a console, to us', frameOf({ to: 6666, destination: 'c0a89801' }), false],
];
const sought = { clientMessages: [DECLINE, RELEASE], loaderMessages: [REQUEST] };

for (const [what, frame, isIt] of CASES) {
  test(`isWanted() of ${what}`, (t) => t.is(isWanted(frame, sought), isIt));
}

test('isWanted() takes no message where none is sought', (t) => {
  const none = { clientMessages: [], loaderMessages: [] };
  t.false(isWanted(frameOf({ payload: [53, 1, DECLINE, CLASS] }), none));
});

test('perl wants the same frames, and the same of any that is damaged', (t) => {
  // Each of them with each byte of it changed, and each beginning of it.
  const frames = CASES.flatMap(([, frame]) => [
    frame,
    ...[...frame.keys()].flatMap((at) => {
      const changed = Buffer.from(frame);
      changed[at] = (changed[at] ?? 0) ^ 0x05;
      return [changed, frame.subarray(0, at)];
    }),
  ]);
  const program = `
use strict; use warnings;
${wantedInPerl}
binmode STDIN;
while (read(STDIN, my $length, 2) == 2) {
  my $frame = '';
  read(STDIN, $frame, unpack('n', $length));
  print wanted($frame) ? 1 : 0;
}`;
  const types = [sought.clientMessages.join(), sought.loaderMessages.join()];
  const { stdout, status } = spawnSync('/usr/bin/perl', ['-e', program, ...types], {
    input: joinFrames(frames),
  });
  t.is(status, 0);
  t.is(String(stdout), frames.map((frame) => Number(isWanted(frame, sought))).join(''));
});
