import test from 'ava';
import { platformPaths } from '../../../lab/platform/paths.ts';
import { stopCommand } from '../../../lab/platform/stop-command.ts';

const of = (state: string) => stopCommand(platformPaths('/project', state));

test('stopCommand() names the state folder where it is not the usual one', (t) => {
  t.is(of('/project/.walt'), 'npm stop');
  t.is(of('/tmp/other'), 'npm stop -- --state /tmp/other');
  t.is(of("/tmp/it's mine"), `npm stop -- --state '/tmp/it'\\''s mine'`);
});
