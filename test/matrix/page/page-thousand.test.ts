// 1,000 simulated nodes on the real server, and the page in Debian's Chromium beside them: whatever happens to the nodes, its list is
// that of the API, and a follower of the events hears of each of them.
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { type Client, createClient } from '../../../agent/cli/client.ts';
import {
  bootsOf,
  plugBoardsHost,
  STORM_ADDRESS,
  STORM_DHCP,
} from '../../../lab/storm/boards-host.ts';
import { eventually } from '../../support/lab.ts';
import {
  browserProgram,
  openPageLab,
  PAGE_URL,
  PASSWORD,
  USER,
} from '../../support/page/lab-page.ts';
import { logIn, openBrowser, type Page } from '../../support/page/open-page.ts';

const NODES = 1000;
/** Each makes two events, a second apart. */
const LOST_A_SECOND = 25;
const SECONDS = 20;
const FILTER = 'node-00000';

/** By name, what is written in the state of each row that is in the document. */
const ROWS = `Object.fromEntries([...document.querySelectorAll('.nodes .rows .row')].map((row) =>
  [row.querySelector('.name').textContent, row.querySelector('.state').textContent]))`;
const LIST = "document.querySelector('.list.nodes')";

test('the page of 1,000 nodes is worked with while 50 events a second come, and shows what the API says', async (t) => {
  t.timeout(12 * 60_000);
  const lab = await openPageLab(t, 'many', {}, { address: STORM_ADDRESS, dhcp: STORM_DHCP });
  const host = await plugBoardsHost(lab.namespace, `walt-many-${process.pid}`);
  t.teardown(async () => await host[Symbol.asyncDispose]());
  const { open, complaints } = await openBrowser(t, await browserProgram(lab));
  const page = await open();
  page.setDefaultTimeout(60_000);
  await logIn(page, PAGE_URL, USER, PASSWORD);
  await page.getByText('No node yet').waitFor();

  const boards = host.switchOn(NODES);
  t.teardown(() => boards.kill());
  await bootsOf(boards, 420);
  const { signal } = new AbortController();
  const client = createClient({ socket: `${lab.folder}/walt.sock`, user: USER, signal });
  await eventually(() => statesOf(client), areUp, 120);
  await page.getByRole('heading', { name: `${NODES} nodes` }).waitFor();
  await page.getByRole('button', { name: `Running ${NODES}` }).waitFor();
  t.deepEqual(await shownStates(page), await statesOf(client));

  const followed = await follow(page);
  boards.child.stdin?.write(`lose ${LOST_A_SECOND} ${SECONDS}\n`);
  const lost = LOST_A_SECOND * SECONDS;

  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await page.getByText(`${NODES} selected`).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('Search').fill(FILTER);
  const found = [...Object.keys(await statesOf(client))].filter((name) => name.includes(FILTER));
  t.true(found.length > 1 && found.length < NODES);
  await page.getByRole('heading', { name: `${found.length} of ${NODES} nodes` }).waitFor();
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await page.getByText(`${found.length} selected`).waitFor();
  t.deepEqual(Object.keys(await shownStates(page)).toSorted(), found.toSorted());
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('Search').fill('');

  await boards.waitFor(new RegExp(`^lost ${lost}$`, 'm'), 120);
  await eventually(() => statesOf(client), areUp, 60);
  await page.getByRole('button', { name: `Running ${NODES}` }).waitFor();
  t.deepEqual(await shownStates(page), await statesOf(client));
  const heard = await eventually(followed, ({ down, up }) => down >= lost && up >= lost, 60);
  t.deepEqual(heard, { down: lost, up: lost, missed: 0 });
  t.deepEqual(
    complaints.filter((text) => !/status of 401/.test(text)),
    [],
  );
});

type States = Readonly<Record<string, string>>;
const NAMES: States = { booted: 'Running', down: 'Off' };

async function statesOf(client: Client): Promise<States> {
  const { nodes } = await client.call('nodes.list');
  return Object.fromEntries(nodes.map(({ name, state }) => [name, NAMES[state] ?? state]));
}

function areUp(states: States): boolean {
  const all = Object.values(states);
  return all.length === NODES && all.every((state) => state === 'Running');
}

/** Of all rows, from the first to the last, as somebody sees who scrolls. */
async function shownStates(page: Page): Promise<States> {
  const states: Record<string, string> = {};
  for (let top = 0; ; top += 600) {
    const height = await page.evaluate<number>(
      `${LIST}.scrollTop = ${top}; ${LIST}.scrollHeight - ${LIST}.clientHeight`,
    );
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
    Object.assign(states, await page.evaluate<States>(ROWS));
    if (top >= height) return states;
    if (top % 6000 === 0) await sleep(1);
  }
}

type Heard = { readonly down: number; readonly up: number; readonly missed: number };

/** Follows the events as the page does, in the page's own browser and session. @returns asks what came so far */
async function follow(page: Page): Promise<() => Promise<Heard>> {
  await page.evaluate(`new Promise((ready) => {
    globalThis.heard = { down: 0, up: 0, missed: 0 };
    const events = new EventSource('/api/v1/events');
    events.addEventListener('boot', ({ data }) => {
      const { kind } = JSON.parse(data).signal;
      if (kind === 'down') heard.down += 1;
      if (kind === 'booted') heard.up += 1;
    });
    events.addEventListener('missed', () => { heard.missed += 1; });
    events.addEventListener('open', ready);
  })`);
  return () => page.evaluate<Heard>('heard');
}
