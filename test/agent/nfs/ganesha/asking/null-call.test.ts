import test from 'ava';
import {
  decodeReplies,
  encodeNullCall,
  NFS,
} from '../../../../../agent/nfs/ganesha/asking/null-call.ts';

test('encodeNullCall() writes record mark, header and empty credentials', (t) => {
  const fields = [
    ['80000028', 'last fragment of 40 bytes'],
    ['00000007', 'xid'],
    ['00000000', 'CALL'],
    ['00000002', 'RPC 2'],
    ['000186a3', 'NFS'],
    ['00000003', 'version 3'],
    ['00000000', 'NULL'],
    ['0000000000000000', 'AUTH_NONE'],
    ['0000000000000000', 'AUTH_NONE'],
  ] as const;
  t.is(encodeNullCall(7, NFS).toString('hex'), fields.map(([hex]) => hex).join(''));
});

// A record of xid and five more words, as a reply to NULL.
const reply = (xid: string) => Buffer.from(`80000018${xid}00000001${'00'.repeat(16)}`, 'hex');

test('decodeReplies() reads whole replies and keeps the rest', (t) => {
  const both = Buffer.concat([reply('00000001'), reply('00000002')]);
  t.deepEqual(decodeReplies(both), { xids: [1, 2], rest: Buffer.alloc(0) });
  for (let length = 0; length < both.length; length += 1) {
    const { xids, rest } = decodeReplies(both.subarray(0, length));
    t.is(xids.length, Math.floor(length / 28), String(length));
    t.is(rest.length, length % 28);
  }
});
