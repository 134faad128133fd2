import test from 'ava';
import { startCommand, stopCommand } from '../../../lab/platform/commands.ts';
import { platformPaths } from '../../../lab/platform/paths.ts';

const of = (state: string) => stopCommand(platformPaths('/project', state));

test('stopCommand() names the state folder where it is not the usual one', (t) => {
  t.is(of('/project/.walt'), 'npm stop');
  t.is(of('/tmp/other'), 'npm stop -- --state /tmp/other');
  t.is(of("/tmp/it's mine"), `npm stop -- --state '/tmp/it'\\''s mine'`);
});

test('startCommand() names what is not as usual', (t) => {
  const usual = { namespace: 'walt-net', address: '192.168.152.1/24' };
  t.is(startCommand(platformPaths('/project', '/project/.walt'), usual), 'npm start');
  t.is(
    startCommand(platformPaths('/project', '/tmp/x'), { ...usual, namespace: 'walt-other' }),
    'npm start -- --state /tmp/x --namespace walt-other',
  );
});
