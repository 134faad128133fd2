import test from 'ava';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { createNamespace } from '../../../support/namespace.ts';

test('PacketSocket has room for what a rack says while perl rests', async (t) => {
  const namespace = await createNamespace(`wps${process.pid}`);
  t.teardown(() => namespace.remove());
  const program = [process.execPath, 'test/support/dhcp/frames-at-once.ts', '500'];
  const { stdout } = await succeed(namespace.command(program));
  t.is(Number(stdout), 500);
});
