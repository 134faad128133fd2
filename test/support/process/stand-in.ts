// Stand-ins that end with the test.
import type { ExecutionContext } from 'ava';
import type { StandIn } from '../../../lab/servers/stand-ins.ts';

export async function untilEnd(t: ExecutionContext, starting: Promise<StandIn>): Promise<StandIn> {
  const running = await starting;
  t.teardown(() => running.stop());
  return running;
}
