// Numbers for Prometheus: what is counted of real events, and that the text, its page and the dashboard agree.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { countEvents } from '../../../agent/events/reactions/count-events.ts';
import { expositionText } from '../../../agent/metrics/exposition.ts';
import { Counter, Gauge, Histogram } from '../../../agent/metrics/instruments.ts';
import { Metrics } from '../../../agent/metrics/metrics.ts';
import { nodesByState } from '../../../agent/metrics/nodes-by-state.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MAC = '52:54:00:00:00:01';

/** Values by name and labels. */
function valuesIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}

test('boots are counted by model, result and the stage that they reached', async (t) => {
  let now = 1_000_000_000;
  const { publisher, publish, registry } = await openRecords(':memory:', {}, () => now);
  const metrics = new Metrics();
  countEvents(publisher, metrics.counted, (mac) => registry.byMac(mac)?.model);
  const node = { mac: MAC, ip: '192.168.152.2', name: 'pc-1', type: 'node', model: 'pc-x86-64' };
  await put(registry, { ...node, type: 'node', image: 'a/b:latest', root: 'x', firstSeen: 1 });
  const dhcp = { kind: 'dhcp', speaker: 'pxe', message: 'discover' } as const;
  const file = { kind: 'file', path: 'kernel', via: 'tftp', bytes: 900, ms: 40 } as const;
  const say = (
    seconds: number,
    signal: Parameters<typeof publish>[0][number] & { kind: 'signal' },
  ) => {
    now += seconds * 1_000_000;
    publish([signal]);
  };
  const signal = (one: typeof dhcp | Record<string, unknown>) =>
    ({ kind: 'signal', mac: MAC, signal: one }) as never;
  say(0, signal(dhcp));
  say(1, signal({ ...file, retries: 3, outcome: 'done' }));
  // It begins anew: the boot before got as far as its files.
  say(100, signal(dhcp));
  say(1, signal({ ...file, retries: 0, outcome: 'done' }));
  say(1, signal({ kind: 'mounted' }));
  say(10, signal({ kind: 'booted' }));
  say(100, signal({ kind: 'down', cause: 'reboot', method: 'said' }));
  publish([{ kind: 'refused-file', from: '192.168.152.9', path: 'x', reason: 'y' }]);
  const values = valuesIn(metrics.text());
  const model = 'model="pc-x86-64"';
  t.is(values.get(`walt_boots_started_total{${model}}`), 2);
  t.is(values.get(`walt_boots_ended_total{${model},result="failed",stage="files"}`), 1);
  t.is(values.get(`walt_boots_ended_total{${model},result="booted",stage="booted"}`), 1);
  t.is(values.get(`walt_boot_seconds_bucket{${model},le="10"}`), 0);
  t.is(values.get(`walt_boot_seconds_bucket{${model},le="20"}`), 1);
  t.is(values.get(`walt_boot_seconds_sum{${model}}`), 12);
  t.is(values.get(`walt_nfs_mounts_total{${model}}`), 1);
  t.is(values.get('walt_file_bytes_total{protocol="tftp"}'), 1800);
  t.is(values.get('walt_file_retries_total{protocol="tftp"}'), 3);
  t.is(values.get('walt_refused_files_total'), 1);
});

test('nodes are counted by model and state', (t) => {
  const device = { ip: '', name: '', firstSeen: 1, model: 'rpi-4-b' } as const;
  const devices = ['a', 'b', 'c'].map((mac) => ({ ...device, mac, type: 'node' as const }));
  const samples = nodesByState([...devices, { ...device, mac: 'd', type: 'unknown' }], (mac) =>
    mac === 'a' ? 'booted' : 'dhcp',
  );
  t.deepEqual(
    samples.map(({ labels: { state }, value }) => [state, value]),
    [
      ['booted', 1],
      ['dhcp', 2],
    ],
  );
});

test('labels of any text are written so that they end where they end', (t) => {
  const counter = new Counter('x_total', 'one\nline \\');
  counter.add({ name: 'a"b\\c\nd' }, 2);
  const gauge = new Gauge('y', 'two', () => 1.5);
  t.is(
    expositionText([counter, gauge]),
    '# HELP x_total one\\nline \\\\\n# TYPE x_total counter\nx_total{name="a\\"b\\\\c\\nd"} 2\n' +
      '# HELP y two\n# TYPE y gauge\ny 1.5\n',
  );
});

test('labels that others make up do not grow without end', (t) => {
  const histogram = new Histogram('z', 'three', [1]);
  for (let count = 0; count < 10_000; count += 1) histogram.observe(1, { name: `n${count}` });
  const counts = histogram.samples().filter(({ suffix }) => suffix === '_count');
  t.true(counts.length <= 201);
  t.is(
    counts.reduce((sum, { value }) => sum + value, 0),
    10_000,
  );
});

test('docs/metrics.md has every number with its help', async (t) => {
  const page = await readFile(join(ROOT, 'docs/metrics.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const wanted = new Metrics()
    .families()
    .map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`);
  t.deepEqual(rows, wanted);
});

test('the dashboard asks for no number that there is not', async (t) => {
  const text = await readFile(join(ROOT, 'release/grafana-dashboard.json'), 'utf8');
  const { panels } = JSON.parse(text) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  };
  const known = new Set(
    new Metrics().families().flatMap(({ name, type }) => {
      if (type !== 'histogram') return [name];
      return ['_bucket', '_sum', '_count'].map((suffix) => `${name}${suffix}`);
    }),
  );
  const asked = panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(?:walt|process)_\w+/g) ?? []),
  );
  t.true(asked.length > 15);
  t.deepEqual(
    asked.filter((name) => !known.has(name)),
    [],
  );
  for (const name of known) {
    if (/_(sum|count)$/.test(name) || /^process_|walt_info/.test(name)) continue;
    t.true(text.includes(name), `${name} is on no panel`);
  }
});
