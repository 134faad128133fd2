/**
 * `npm run bench:page -- [--write] [--seconds N] [--real]`: what the list of nodes costs in Chromium with 1,000 nodes and 50 events a second:
 * script time for each frame, and how many frames came late. The server is one of the bench's own, with the page as it is bundled; or, with
 * `--real`, walt-server itself with 1,000 simulated boards, which takes processors from the browser (as root).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { prepare } from '../../scripts/builders/prepare.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';
import { EVENTS_A_SECOND, NODES, servePlatform } from './platform.ts';
import { startRealPlatform } from './real-platform.ts';

const ROOT = join(import.meta.dirname, '../..');
const SECONDS = 20;

/** Times between frames, in milliseconds, kept by the page itself. */
const FRAMES = `
  globalThis.gaps = [];
  let last = performance.now();
  const next = (at) => { globalThis.gaps.push(at - last); last = at; requestAnimationFrame(next); };
  requestAnimationFrame(next);`;

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    seconds: { type: 'string' },
  },
});
const seconds = Number(values.seconds ?? SECONDS);
await requirePrograms(['chromium']);
await prepare(ROOT, values.real ? {} : { builders: [['scripts/bundle.ts']] });
const folder = await mkdtemp(join(tmpdir(), 'walt-bench-page-'));
const platform = values.real
  ? await startRealPlatform(folder)
  : await servePlatform(folder, join(ROOT, 'release/dist/page'));
const browser = await chromium.launch({
  executablePath: platform.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--no-proxy-server'],
  env: { ...process.env, HOME: folder },
});
try {
  const text = [describeMachine(), await measured(browser)].join('\n\n');
  console.log(text);
  if (values.write) await writeSection('bench page', text);
} finally {
  await browser.close();
  await platform.close();
  await rm(folder, { recursive: true });
}

async function measured(browser: Browser): Promise<string> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${platform.url}/nodes`);
  await platform.logIn(page);
  await page.getByText(`${NODES} nodes`).waitFor();
  const metrics = await context.newCDPSession(page);
  await metrics.send('Performance.enable');
  await page.evaluate(FRAMES);
  const still = await during(page, metrics, async () => undefined);
  const scrolled = await during(page, metrics, () => page.mouse.wheel(0, 400));
  const rows = [
    ['as it is', ...still],
    ['while somebody scrolls', ...scrolled],
  ];
  const head = ['list', 'script a frame', 'layout a frame', 'frames a second', '95 % within'];
  const server = values.real ? 'walt-server with simulated boards' : 'a server of the bench';
  const what = `${server}, ${NODES} nodes, ${EVENTS_A_SECOND} events a second, ${seconds} s each`;
  return `${what}\n\n${plainTable(head, rows)}`;
}

async function during(
  page: Page,
  metrics: CDPSession,
  act: () => Promise<void>,
): Promise<string[]> {
  await page.mouse.move(600, 400);
  const before = await durations(metrics);
  await page.evaluate('gaps.length = 0');
  for (let time = 0; time < seconds * 10; time += 1) {
    await act();
    await page.waitForTimeout(100);
  }
  const gaps = await page.evaluate<number[]>('gaps');
  const after = await durations(metrics);
  const each = (ms: number) => `${(ms / gaps.length).toFixed(2)} ms`;
  const late = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * 0.95)] ?? 0;
  return [
    each(after.script - before.script),
    each(after.layout - before.layout),
    ((gaps.length * 1000) / gaps.reduce((sum, gap) => sum + gap, 0)).toFixed(0),
    `${late.toFixed(1)} ms`,
  ];
}

/** All that the page has cost since it began, in milliseconds. */
async function durations(metrics: CDPSession): Promise<{ script: number; layout: number }> {
  const { metrics: told } = await metrics.send('Performance.getMetrics');
  const of = (name: string) => 1000 * (told.find((one) => one.name === name)?.value ?? 0);
  return {
    script: of('ScriptDuration'),
    layout: of('LayoutDuration') + of('RecalcStyleDuration'),
  };
}
