import test from 'ava';
import { FrameWitness } from '../../../agent/addresses/frame-witness.ts';
import { dhcpRequest } from '../../../lab/clients/dhcp-packets.ts';

const chaddr = '52:54:00:f2:67:82';
const release = dhcpRequest({ messageType: 'release' }, { chaddr, xid: 7 });
const watching = { isWatching: () => true, waitMs: 20 };

test('FrameWitness believes a message whose frame comes from the client, before or behind it', async (t) => {
  const witness = new FrameWitness(watching);
  witness.saw(release, chaddr);
  t.true(await witness.isOwn(release));
  const later = { ...release, xid: 8 };
  const answer = witness.isOwn(later);
  witness.saw(later, chaddr);
  t.true(await answer);
});

test('FrameWitness believes no message that another machine sent, or that no frame brought', async (t) => {
  const witness = new FrameWitness(watching);
  witness.saw(release, '52:54:00:00:00:66');
  t.false(await witness.isOwn(release));
  t.false(await witness.isOwn({ ...release, xid: 9 }));
});

test('FrameWitness takes the word of the client also where another machine repeats it', async (t) => {
  const witness = new FrameWitness(watching);
  witness.saw(release, chaddr);
  witness.saw(release, '52:54:00:00:00:66');
  t.true(await witness.isOwn(release));
});

test('FrameWitness believes everybody where no frames are seen', async (t) => {
  const witness = new FrameWitness({ isWatching: () => false });
  t.true(await witness.isOwn(release));
});

test('FrameWitness remembers so many messages, however many come', async (t) => {
  const witness = new FrameWitness(watching);
  for (let xid = 0; xid <= 4096; xid += 1) witness.saw({ ...release, xid }, chaddr);
  t.false(await witness.isOwn({ ...release, xid: 0 }));
  t.true(await witness.isOwn({ ...release, xid: 4096 }));
});
