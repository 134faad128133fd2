// What the server answers at /metrics, judged by promtool of Debian's package of Prometheus.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { countedFamilies } from '../../../agent/metrics/counted.ts';
import { expositionText } from '../../../agent/metrics/exposition.ts';
import { Gauge } from '../../../agent/metrics/instruments.ts';
import { WATCHED } from '../../../agent/metrics/watched.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('promtool finds nothing wrong with the numbers', async (t) => {
  t.timeout(10 * 60_000);
  const folder = await temporaryFolder(t);
  // Unpacked and not installed: its service is not to start.
  const get = 'cd "$1" && apt-get download prometheus && dpkg-deb -x prometheus_*.deb .';
  const got = await runProgram(['sh', '-c', get, 'sh', folder], { seconds: 500 });
  if (got.code !== 0) {
    t.log(`skipped: Debian's package prometheus is not to be had: ${got.said}`);
    return t.pass();
  }
  t.true((await readdir(folder)).length > 0);
  const counted = countedFamilies();
  counted.bootsStarted.add({ model: 'odd "model" \\ of\nlines' });
  counted.bootSeconds.observe(42, { model: 'pc-x86-64' });
  counted.eventLag.observe(0.01);
  const watched = Object.entries(WATCHED).map(([name, help]) => new Gauge(name, help, () => 1));
  const text = expositionText([...watched, ...Object.values(counted)]);
  const promtool = join(folder, 'usr/bin/promtool');
  const checked = await runProgram([promtool, 'check', 'metrics'], { input: text, seconds: 60 });
  t.is(checked.code, 0, checked.said);
  t.is(checked.said.trim(), '');
});
