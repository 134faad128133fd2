import test from 'ava';
import type { Checked } from '../../../agent/doctor/run-checks.ts';
import { startTestPlatform } from './test-platform.ts';
import { startWalt } from './walt-process.ts';

const well: Checked = { name: 'disk', status: 'ok', detail: '5 GB are free' };
const odd: Checked = {
  name: 'kvm',
  status: 'warning',
  detail: 'no KVM',
  meaning: 'It is slow.',
  mend: 'modprobe kvm',
};
const ill: Checked = { ...odd, name: 'nfs', status: 'failed', detail: 'rpcbind: gone' };

test('walt doctor ends with 0 where nothing failed', async (t) => {
  const platform = await startTestPlatform({ found: [well, odd] });
  t.teardown(platform.close);
  for (const words of [['doctor'], ['advanced', 'doctor']]) {
    const { code, out } = await platform.walt(...words);
    t.is(code, 0);
    t.regex(out, /^ok {7}disk {2}5 GB are free$/m);
    t.regex(out, /^WARNING {2}kvm {3}no KVM\n +It is slow\.\n +What to do: modprobe kvm$/m);
    t.regex(out, /\nThe server is well\.\n$/);
  }
});

test('walt doctor ends with 1 where something failed, and names it', async (t) => {
  const platform = await startTestPlatform({ found: [well, ill] });
  t.teardown(platform.close);
  const { code, out, err } = await platform.walt('doctor');
  t.is(code, 1);
  t.regex(out, /^FAILED {3}nfs {3}rpcbind: gone$/m);
  t.regex(err, /^1 of 3 checks failed: nfs\.$/m);
});

test('walt doctor --json is for programs', async (t) => {
  const platform = await startTestPlatform({ found: [well, ill] });
  t.teardown(platform.close);
  const { code, out } = await platform.walt('doctor', '--json');
  t.is(code, 1);
  const { checks } = JSON.parse(out);
  t.like(checks, { length: 3, 0: { name: 'api' }, 1: well, 2: ill });
});

test('walt doctor works where no server does', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  await platform.closeApi();
  t.teardown(platform.openApi);
  const { code, out, err } = await platform.walt('doctor');
  t.is(code, 1);
  t.regex(out, /^FAILED {3}api .*nothing answers there.*\n.*\n +What to do: systemctl restart/m);
  t.regex(err, /1 of 1 checks failed: api/);
  const json = await platform.walt('doctor', '--json');
  t.like(JSON.parse(json.out).checks, { length: 1, 0: { name: 'api', status: 'failed' } });
});

test('walt doctor names what starts the server of the usual socket, where that is known', async (t) => {
  const env = {
    ...{ WALT_SOCKET: '', WALT_SERVER: '', XDG_CONFIG_HOME: '/nonexistent' },
    ...{ WALT_USUAL_SOCKET: '/nonexistent/socket', WALT_START_COMMAND: 'npm start -- --state x' },
  };
  const { out } = await startWalt(['doctor'], env).result;
  t.regex(out, /What to do: npm start -- --state x$/m);
  t.notRegex(out, /systemctl/);
});
