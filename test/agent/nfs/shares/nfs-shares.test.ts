// When the kernel's table of connections is read; what becomes of those that are too many is proved by attacks (test/support/attacks/nfs.ts).
import test from 'ava';
import { NfsShares } from '../../../../agent/nfs/shares/nfs-shares.ts';

test('NfsShares reads the table where the number of sockets is another, and each tenth time', async (t) => {
  let count: number | undefined = 20;
  let reads = 0;
  const shares = new NfsShares({
    address: '192.168.152.1',
    most: new Map([[2049, 16]]),
    onFull: () => t.fail(),
    count: () => count,
    table: () => {
      reads += 1;
      return '';
    },
  });
  const look = async (times: number) => {
    reads = 0;
    for (let time = 0; time < times; time += 1) await shares.look();
    return reads;
  };
  t.is(await look(1), 1, 'the first one is read');
  t.is(await look(8), 0);
  t.is(await look(1), 1);
  t.is(await look(20), 2);
  count = 21;
  t.is(await look(1), 1);
  count = 20;
  t.is(await look(1), 1);
  count = undefined;
  t.is(await look(3), 3, 'where nothing is counted, each is');
});

test('NfsShares goes on to read where an address had too many', async (t) => {
  let reads = 0;
  const line = (port: number) =>
    ` 0: 0198A8C0:0801 0298A8C0:${port.toString(16)} 01 00000000:00000000 00:00000000 00000000 0 0 1`;
  const full: string[] = [];
  const shares = new NfsShares({
    address: '192.168.152.1',
    most: new Map([[2049, 1]]),
    onFull: (address) => full.push(address),
    count: () => 20,
    table: () => {
      reads += 1;
      return reads < 3 ? [line(50_001), line(50_002)].join('\n') : line(50_002);
    },
  });
  for (let time = 0; time < 6; time += 1) await shares.look();
  t.deepEqual([full.length, reads], [2, 3]);
});
