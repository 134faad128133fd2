// All of the page at the widths and in the colours that people have: nothing that axe complains of, no error of a script, nothing
// that its policy refused, and a picture of each in release/dist/screenshots.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { succeed } from '../../../lab/programs/run-program.ts';
import { violations } from '../../support/page/axe.ts';
import {
  browserProgram,
  openPageLab,
  PAGE_URL,
  PASSWORD,
  plugBoards,
  USER,
} from '../../support/page/lab-page.ts';
import { DESKTOP, logIn, openBrowser, PHONE } from '../../support/page/open-page.ts';

const SHOTS = join(import.meta.dirname, '../../../release/dist/screenshots');
const BOARDS = 12;
const macOf = (board: number) => `52:54:00:00:20:${(0x10 + board).toString(16)}`;
const FIRST = 'node-002010';

const PAGES: readonly (readonly [name: string, path: string, ready: string])[] = [
  ['nodes', '/nodes', FIRST],
  ['nodes-filtered', '/nodes?q=nothing-is-called-so', 'Take all filters away'],
  ['node', `/nodes/${FIRST}`, 'Last boots'],
  ['node-failed', '/nodes/node-002011', 'What to check'],
  ['node-console', `/nodes/${FIRST}?tab=console`, 'You type.'],
  ['node-shell', `/nodes/${FIRST}?tab=shell`, 'Open a shell'],
  ['node-log', `/nodes/${FIRST}?tab=log`, 'is booted'],
  ['node-settings', `/nodes/${FIRST}?tab=settings`, 'boot.timeout'],
  ['node-gone', '/nodes/nobody', 'There is no node nobody'],
  ['log', '/log', 'is booted'],
  ['images', '/images', 'waltplatform/pc-x86-64-default'],
  ['media', '/media', 'What kind of machine is it?'],
  ['media-answer', '/media?is=pc.usb.yes', 'pc-usb.dd.gz'],
  ['health', '/health', 'skipped'],
  ['topology', '/topology', 'Topology'],
  ['first-run', '/first-run', 'Your first node'],
  ['users', '/users?sort=-role', 'Tokens of all users'],
  ['account', '/account', 'Your tokens'],
];
const WAYS = [
  ['desktop', { size: DESKTOP }],
  ['phone', { size: PHONE }],
  ['dark', { size: DESKTOP, isDark: true }],
] as const;

test('each page is for everybody, on a desk, on a phone and in the dark', async (t) => {
  t.timeout(15 * 60_000);
  await mkdir(SHOTS, { recursive: true });
  const lab = await openPageLab(t, 'pages');
  const boards = await plugBoards(
    t,
    lab,
    Array.from({ length: BOARDS }, (_, board) => ({
      mac: macOf(board),
      courses:
        board === 1 ? ['panic', 'no-sshd'] : board % 5 === 2 ? ['no-sshd'] : ['good', 'good'],
    })),
  );
  await boards.waitFor(new RegExp(`${macOf(0)} done`), 90);
  // Nobody helps it: its page is to stay as it is.
  await lab.walt('node', 'config', 'node-002011', 'boot.heal=off');
  await succeed(['socat', '-u', 'STDIN', `UNIX-CONNECT:${lab.folder}/power`], {
    input: `cycle ${macOf(1)}\n`,
  });
  const { open, complaints } = await openBrowser(t, await browserProgram(lab));
  for (const [way, how] of WAYS) {
    const page = await open(how);
    const look = async (name: string) => {
      await page.screenshot({ path: join(SHOTS, `${name}-${way}.png`) });
      t.deepEqual(await violations(page), [], `${name} ${way}`);
    };
    await page.goto(PAGE_URL);
    await page.getByLabel('User').waitFor();
    await look('login');
    await logIn(page, PAGE_URL, USER, PASSWORD);
    for (const [name, path, ready] of PAGES) {
      await page.goto(`${PAGE_URL}${path}`);
      await page.getByText(ready).first().waitFor();
      await page.waitForTimeout(600);
      await look(name);
    }
    await page.goto(`${PAGE_URL}/nodes`);
    await page.getByRole('checkbox').nth(1).check();
    await page.getByRole('button', { name: 'Acquire' }).click();
    await page.getByRole('dialog').waitFor();
    await look('question');
    await page.context().close();
  }
  t.deepEqual(
    complaints.filter((text) => !/status of (401|404)/.test(text)),
    [],
  );
});
