import test from 'ava';
import { PacketEars } from '../../../../../agent/net/ffi/frames/packet-ears.ts';
import { loadSystemCalls } from '../../../../../agent/net/ffi/system-calls.ts';

const [EINTR, ENOMEM] = [4, 12];

/** Ears of a machine where poll(2) fails so. */
async function ears(errno: number) {
  const calls = await loadSystemCalls();
  if (calls === undefined) throw new Error('koffi is missing');
  const refusing = { ...calls, poll: () => -1, errno: () => errno };
  return new PacketEars(refusing, { wire: -1, bell: -1 });
}

test('PacketEars.sleep() and rest() fail where Linux refuses to wait', async (t) => {
  const deaf = await ears(ENOMEM);
  t.throws(() => deaf.sleep(1000), { message: /ENOMEM/ });
  t.throws(() => deaf.rest(1000), { message: /ENOMEM/ });
});

test('PacketEars.sleep() and rest() hear no bell where a signal ends them', async (t) => {
  const woken = await ears(EINTR);
  t.false(woken.sleep(1000));
  t.false(woken.rest(1000));
});

test('PacketEars.take() names the error where its descriptor is none to read', async (t) => {
  const calls = await loadSystemCalls();
  if (calls === undefined) return t.fail('koffi is missing');
  const none = new PacketEars(calls, { wire: -1, bell: -1 });
  t.throws(() => none.take(() => undefined), { message: 'EBADF' });
});
