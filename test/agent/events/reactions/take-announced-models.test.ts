import test from 'ava';
import type { BootSignal } from '../../../../agent/boot/progress.ts';
import { takeAnnouncedModels } from '../../../../agent/events/reactions/take-announced-models.ts';
import { openRecords } from '../../../support/records.ts';

const mac = '52:54:00:f2:67:82';
const ip = '192.168.152.2';
const images = { 'pc-x86-64': 'waltplatform/a:latest', 'pc-x86-32': 'waltplatform/b:latest' };

for (const [outcome, model] of [
  ['complete', 'pc-x86-32'],
  ['timeout', 'pc-x86-64'],
] as const) {
  test(`takeAnnouncedModels() makes a node a ${model} by a file that ended with ${outcome}`, async (t) => {
    const { detection, publisher, publish, registry, printed } = await openRecords(
      ':memory:',
      images,
    );
    takeAnnouncedModels(publisher, detection);
    await detection.see({ mac, ip, model: 'pc-x86-64' });
    await detection.see({ mac, ip, model: 'pc-x86-32' });
    t.like(registry.byMac(mac), { model: 'pc-x86-64' });
    const file = { path: 'start.ipxe', via: 'tftp', bytes: 1, ms: 1, retries: 0 } as const;
    const signal: BootSignal = { kind: 'file', ...file, outcome };
    publish([{ kind: 'signal', mac, signal }]);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    t.like(registry.byMac(mac), { model, image: images[model] });
    t.is(
      printed.some((line) => line.includes('model=pc-x86-32')),
      outcome === 'complete',
    );
  });
}
