import test from 'ava';
import { isServiceGroup, unitArguments } from '../../../../agent/host/processes/own-unit.ts';
import { createNamespace } from '../../../../lab/network/namespace.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { watchOver } from '../../../../lab/programs/watchdog.ts';

const UNIT = { name: 'walt-node-525400123456', description: 'Virtual node 525400123456 of WalT' };

test('unitArguments() hands over dollars so that systemd leaves them in the words', (t) => {
  const words = unitArguments(UNIT, ['sh', '-c', 'echo $$ > "$0"', '/srv/$' + '{HOME}/pid']);
  const command = words.slice(words.indexOf('--') + 1);
  t.deepEqual(command, ['sh', '-c', 'echo $$$$ > "$$0"', '/srv/$$' + '{HOME}/pid']);
});

test('unitArguments() names the unit', (t) => {
  t.true(unitArguments(UNIT, ['true']).includes('--unit=walt-node-525400123456'));
});

test('unitArguments() says what a unit may not', (t) => {
  const words = unitArguments({ ...UNIT, restrictions: ['UMask=0077'] }, ['true']);
  t.true(words.includes('--property=UMask=0077'));
});

test('isServiceGroup() knows the service of the package from servers that people start', (t) => {
  t.true(isServiceGroup('0::/system.slice/walt-server.service\n'));
  t.false(isServiceGroup('0::/user.slice/user-0.slice/session-1.scope\n'));
  t.false(isServiceGroup('0::/system.slice/actions-runner.service\n'));
});

test('ownNetworkFile() finds the name of the network that this process is in', async (t) => {
  const name = `walt-lab-ownnet-${process.pid}`;
  watchOver({ namespaces: [name] });
  const network = await createNamespace(name);
  t.teardown(() => network.remove());
  const program = `
    import { ownNetworkFile } from './agent/host/processes/own-unit.ts';
    console.log(await ownNetworkFile());
  `;
  const node = [process.execPath, '--input-type=module', '--eval', program];
  const inside = await succeed(['nsenter', `--net=/run/netns/${name}`, ...node]);
  t.is(inside.stdout.toString(), `/run/netns/${name}\n`);
});
