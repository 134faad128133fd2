// The map of two emulated switches with PoE, asked by the real server by SNMP, and six boards behind them: looked at, searched, zoomed
// and moved by mouse and keyboard, on a desk, on a phone and in the dark.
import test from 'ava';
import { eventually } from '../../support/lab.ts';
import { macOfServer, plugSwitch } from '../../support/machines/plugged-switch.ts';
import { violations } from '../../support/page/axe.ts';
import {
  browserProgram,
  openPageLab,
  PAGE_URL,
  PASSWORD,
  plugBoards,
  USER,
} from '../../support/page/lab-page.ts';
import { DESKTOP, logIn, openBrowser, type Page, PHONE } from '../../support/page/open-page.ts';

const CORE = '02:5e:00:00:00:21';
const RACK = '02:5e:00:00:00:22';
const PORTS = 6;
const BOARDS = 6;
const macOf = (board: number) => `52:54:00:00:21:${10 + board}`;
const nodeOf = (board: number) => `node-0021${10 + board}`;
/** The first two are at the core, the others behind port 6 of it. */
const placeOf = (board: number) => (board < 2 ? `core ge${board + 2}` : `rack ge${board}`);

test('the map has each switch, port and board, and is found through by mouse and keyboard', async (t) => {
  t.timeout(8 * 60_000);
  const lab = await openPageLab(t, 'map');
  const boards = await plugBoards(
    t,
    lab,
    Array.from({ length: BOARDS }, (_, board) => ({ mac: macOf(board), courses: ['stays'] })),
  );
  const up = async () => boards.said.match(/ up stays$/gm)?.length;
  await eventually(up, (count) => count === BOARDS, 90);
  const core = await plugSwitch(t, lab, { name: 'core', mac: CORE, ports: PORTS });
  const rack = await plugSwitch(t, lab, { name: 'rack', mac: RACK, ports: PORTS });
  const server = await macOfServer(lab);
  const behind = Array.from({ length: BOARDS - 2 }, (_, at) => at + 2);
  await core.tell(
    ...[`station 1 ${server}`, `station 2 ${macOf(0)}`, `station 3 ${macOf(1)}`],
    ...[`station 6 ${RACK}`, ...behind.map((board) => `station 6 ${macOf(board)}`)],
  );
  await rack.tell(
    ...[`station 1 ${server}`, `station 1 ${CORE}`],
    ...behind.map((board) => `station ${board} ${macOf(board)}`),
  );

  const { open, complaints } = await openBrowser(t, await browserProgram(lab));
  const page = await open({ size: DESKTOP });
  await logIn(page, PAGE_URL, USER, PASSWORD);
  await page.goto(`${PAGE_URL}/topology`);
  await page.getByRole('button', { name: 'Ask the switches' }).click();
  await page.getByText('2 switches have answered.').waitFor();
  const map = page.getByRole('application', { name: /^Map of switches/ });
  await map.getByText(nodeOf(BOARDS - 1)).waitFor();

  const spots = await map.locator('.spot text:not(.note)').allTextContents();
  const nodes = Array.from({ length: BOARDS }, (_, board) => nodeOf(board));
  t.deepEqual(spots.toSorted(), [...nodes, 'core', 'rack'].toSorted());
  // Each of them hangs at one cable, but for the switch that the others hang at.
  t.is(await map.locator('.cable').count(), BOARDS + 1);
  t.is(await map.locator('.cable.power').count(), BOARDS);
  t.deepEqual(
    (await places(page)).filter(([, , , device]) => device?.startsWith('node-')),
    nodes
      .map((name, board) => [...placeOf(board).split(' '), 'PoE', name])
      .toSorted((left, right) => (left.join() < right.join() ? -1 : 1)),
  );

  const search = page.getByLabel('Find a device or port');
  await page.keyboard.press('/');
  await page.keyboard.type(nodeOf(3).toUpperCase());
  await page.waitForURL(new RegExp(`q=${nodeOf(3)}`, 'i'));
  t.is(await map.locator('.spot:not(.faded)').count(), 1);
  t.deepEqual(
    (await places(page)).map(([, , , device]) => device),
    [nodeOf(3)],
  );
  await search.fill('');

  const view = async () => (await map.locator('svg').getAttribute('viewBox')) ?? '';
  const whole = await view();
  const widthOf = (box: string) => Number(box.split(' ')[2]);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  t.true(widthOf(await view()) < widthOf(whole));
  await page.getByRole('button', { name: 'Zoom out' }).click();
  t.is(widthOf(await view()), widthOf(whole));
  // From the last button in front of it a person gets there by one key.
  await page.getByRole('button', { name: 'Show all' }).focus();
  await page.keyboard.press('Tab');
  t.true(await map.evaluate((element) => element === element.ownerDocument.activeElement));
  await page.keyboard.press('+');
  const closer = await view();
  t.true(widthOf(closer) < widthOf(whole));
  await page.keyboard.press('ArrowRight');
  t.not(await view(), closer);
  await page.keyboard.press('ArrowLeft');
  t.is(await view(), closer);
  await map.hover();
  await page.mouse.wheel(0, -200);
  await eventually(view, (box) => widthOf(box) < widthOf(closer), 10);
  await page.mouse.down();
  await page.mouse.move(300, 300, { steps: 5 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Show all' }).click();
  t.is(await view(), whole);

  // Somebody plugs a board elsewhere.
  await rack.tell('forget 5', `station 4 ${macOf(4)}`);
  await core.tell('forget 6', `station 6 ${RACK}`, `station 5 ${macOf(5)}`);
  await core.tell(...[2, 3, 4].map((board) => `station 6 ${macOf(board)}`));
  await page.getByRole('button', { name: 'Ask the switches' }).click();
  const moved = () => places(page);
  await eventually(
    moved,
    (rows) => rows.some((row) => row.join() === `core,ge5,PoE,${nodeOf(5)}`),
    20,
  );

  // One of them answers no more: the other one is there all the same, and the page says which.
  await rack.tell('fault silent');
  await page.getByRole('button', { name: 'Ask the switches' }).click();
  await page
    .getByText(/^rack: Cannot ask rack/)
    .first()
    .waitFor();
  await map.locator('.spot.switch').getByText('core').waitFor();

  for (const how of [{ size: DESKTOP }, { size: PHONE }, { size: DESKTOP, isDark: true }]) {
    const other = await open(how);
    await logIn(other, PAGE_URL, USER, PASSWORD);
    await other.goto(`${PAGE_URL}/topology?q=${nodeOf(2)}`);
    await other.getByRole('link', { name: nodeOf(2) }).waitFor();
    await other.waitForTimeout(600);
    t.deepEqual(await violations(other), []);
    await other.context().close();
  }
  await page.getByRole('link', { name: nodeOf(0) }).click();
  await page.getByRole('heading', { name: nodeOf(0) }).waitFor();
  t.deepEqual(
    complaints.filter((text) => !/status of 401/.test(text)),
    [],
  );
});

/** The table of ports: switch, port, power, devices; those at which something is. */
async function places(page: Page): Promise<string[][]> {
  const rows = await page.locator('tbody tr').all();
  const texts = await Promise.all(rows.map((row) => row.locator('td').allTextContents()));
  return texts
    .filter((row) => row[3] !== '')
    .toSorted((left, right) => (left.join() < right.join() ? -1 : 1));
}
