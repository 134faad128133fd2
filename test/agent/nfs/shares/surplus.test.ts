import test from 'ava';
import { Surplus } from '../../../../agent/nfs/shares/surplus.ts';
import type { TcpConnection } from '../../../../agent/nfs/tcp-table.ts';

const A = '10.0.0.1';
const B = '10.0.0.2';

function held(remoteIp: string, remotePorts: readonly number[], localPort = 2049): TcpConnection[] {
  return remotePorts.map((remotePort) => ({
    localIp: '10.0.0.254',
    localPort,
    remoteIp,
    remotePort,
    state: 'established',
  }));
}

test('look() names the oldest ones of an address that has too many, whatever their order in the table', (t) => {
  const surplus = new Surplus(new Map([[2049, 2]]));
  t.deepEqual(surplus.look(held(A, [700, 800])), []);
  const now = [...held(A, [600, 800, 700, 650]), ...held(B, [1, 2])];
  t.deepEqual(surplus.look(now), [{ address: A, port: 2049, remotePorts: [700, 800] }]);
});

test('look() forgets what has ended', (t) => {
  const surplus = new Surplus(new Map([[2049, 2]]));
  surplus.look(held(A, [1, 2]));
  surplus.look(held(A, [2]));
  t.deepEqual(surplus.look(held(A, [1, 2, 3])), [{ address: A, port: 2049, remotePorts: [2] }]);
});

test('look() counts each port of the service, and no other one', (t) => {
  const surplus = new Surplus(
    new Map([
      [2049, 2],
      [111, 1],
    ]),
  );
  const now = [...held(A, [1, 2]), ...held(A, [3, 4], 111), ...held(A, [5, 6, 7], 80)];
  t.deepEqual(surplus.look(now), [{ address: A, port: 111, remotePorts: [3] }]);
});

test('look() counts neither listeners nor connections that are ending', (t) => {
  const surplus = new Surplus(new Map([[2049, 0]]));
  const [one] = held(A, [1]);
  if (one === undefined) return t.fail();
  t.deepEqual(
    surplus.look([
      { ...one, state: 'other' },
      { ...one, state: 'listening' },
    ]),
    [],
  );
  t.deepEqual(surplus.look([{ ...one, remoteIp: undefined }]), []);
  t.is(surplus.look([one]).length, 1);
});
