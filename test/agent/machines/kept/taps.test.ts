import test from 'ava';
import { createNamespace } from '../../../../lab/network/namespace.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { watchOver } from '../../../../lab/programs/watchdog.ts';

const PROGRAM = `
  import { links } from './agent/host/links.ts';
  import { addTaps, complaintAboutBridge, removeTaps } from './agent/machines/kept/taps.ts';
  const show = async () => (await links()).map(({ name, master }) => name + (master ? ' in ' + master : ''));
  const [one, two] = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
  const networks = [{ name: 'walt-net' }, { name: 'lab' }];
  await addTaps(one, networks, 'walt-net');
  await addTaps(two, networks, 'walt-net');
  const both = await show();
  await removeTaps(one);
  const left = await show();
  await removeTaps(two);
  const complaint = await complaintAboutBridge('lo');
  const none = await complaintAboutBridge('walt-net') ?? 'none';
  console.log(JSON.stringify({ both, left, after: await show(), complaint, none }));
`;

test('taps of machines come and go, and a secondary bridge with the last of them', async (t) => {
  const name = `walt-lab-taps-${process.pid}`;
  watchOver({ namespaces: [name] });
  const network = await createNamespace(name);
  t.teardown(() => network.remove());
  const node = [process.execPath, '--input-type=module', '--eval', PROGRAM];
  const { stdout } = await succeed(['nsenter', `--net=/run/netns/${name}`, ...node]);
  const said = JSON.parse(stdout.toString());
  const [bridge] = said.both.filter(
    (line: string) => line.startsWith('wn-') && !line.includes(' '),
  );
  const tapsOf = (mac: string) => [`v${mac}0 in walt-net`, `v${mac}1 in ${bridge}`];
  const others = (lines: string[]) =>
    lines.filter((line) => line !== 'lo' && line !== 'walt-net').sort();
  t.deepEqual(
    others(said.both),
    [...tapsOf('525400000001'), ...tapsOf('525400000002'), bridge].sort(),
  );
  t.deepEqual(others(said.left), [...tapsOf('525400000002'), bridge].sort());
  t.deepEqual(others(said.after), []);
  t.regex(said.complaint, /^interface lo is no bridge/);
  t.is(said.none, 'none');
});
