// The page of the real server in Debian's Chromium: a person logs in, watches a board boot, makes it theirs, types at its
// console, reboots it, gives it a name, and reads about it in the log.
import test from 'ava';
import {
  browserProgram,
  openPageLab,
  PAGE_URL,
  PASSWORD,
  plugBoards,
  USER,
} from '../../support/page/lab-page.ts';
import { logIn, openBrowser } from '../../support/page/open-page.ts';
import { serialShell } from '../../support/page/serial-shell.ts';

const MAC = '52:54:00:00:19:01';
const NODE = 'node-001901';

/** Keeps each state that the first row ever shows. */
const WATCH = `
  const seen = new Set();
  globalThis.statesSeen = () => [...seen];
  new MutationObserver(() => {
    for (const state of document.querySelectorAll('.nodes .row .state')) seen.add(state.textContent);
  }).observe(document, { subtree: true, childList: true, characterData: true });`;

test('a person brings a board up, takes it, works on it and reads about it, by the page alone', async (t) => {
  t.timeout(4 * 60_000);
  const lab = await openPageLab(t, 'page');
  const { open, complaints } = await openBrowser(t, await browserProgram(lab));
  const page = await open();
  await page.addInitScript({ content: WATCH });
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));

  await page.goto(PAGE_URL);
  await page.getByLabel('User').fill(USER);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('There is no such user, or the password is wrong.').waitFor();
  await logIn(page, PAGE_URL, USER, PASSWORD);
  await page.getByText('No node yet').waitFor();

  const boards = await plugBoards(t, lab, [{ mac: MAC, courses: ['good'] }]);
  const row = page.getByRole('row', { name: new RegExp(NODE) });
  await row.getByText('Running', { exact: true }).waitFor();
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Acquire' }).click();
  const question = page.getByRole('dialog');
  await question.getByText('Becomes yours.').waitFor();
  await question.getByText('Reboot now the 1 node that runs').waitFor();
  await question.getByRole('button', { name: 'Acquire' }).click();
  await row.getByText('you', { exact: true }).waitFor();
  await boards.waitFor(/asked good/);
  await row.getByText('Running', { exact: true }).waitFor();
  const states = await page.evaluate<string[]>('statesSeen()');
  for (const state of ['Loading files', 'Starting its system', 'Running']) {
    t.true(states.includes(state), `${state} in ${states.join()}`);
  }
  t.regex(await lab.walt('node', 'show', '--all'), /walt:alice\/pc-x86-64:latest/);

  await row.getByRole('link', { name: NODE }).click();
  await page.getByText('System and services').waitFor();
  await page.getByText('up after').waitFor();
  t.is(await page.getByRole('row', { name: /up \d/ }).count(), 2, 'both boots are told');

  const line = serialShell(t, 900);
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Change console' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill(`${line},115200`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('console is set.').waitFor();
  await page.getByRole('tab', { name: 'Console' }).click();
  await page.getByText('You type.').waitFor();
  await page.locator('.xterm').click();
  await page.keyboard.type('echo two-and-two-$((2+2))\n');
  await page.locator('.xterm').getByText('two-and-two-4').first().waitFor();

  await page.getByRole('button', { name: 'Reboot' }).click();
  await question.getByRole('button', { name: 'Reboot' }).click();
  await page.getByText('Reboot: 1 node').waitFor();
  await page.getByRole('button', { name: 'Rename…' }).click();
  await question.getByLabel('New name').fill('-x');
  await question.getByRole('button', { name: 'Rename' }).click();
  await question.getByRole('alert').getByText('-x').waitFor();
  await question.getByLabel('New name').fill('bench-1');
  await question.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('heading', { name: 'bench-1' }).waitFor();
  await lab.walt('node', 'rename', 'bench-1', 'bench-2', '--yes');
  await page.getByRole('heading', { name: 'bench-2' }).waitFor();
  await page.waitForURL(/nodes\/bench-2\?tab=console/);
  await page.locator('.xterm').click();
  await page.keyboard.type('echo still-$((40+2))\n');
  await page.locator('.xterm').getByText('still-42').first().waitFor();
  t.is(sockets.length, 1, 'the console that was open stays so');

  await page.getByRole('link', { name: 'Log', exact: true }).click();
  await page.getByText(`renamed ${NODE} to bench-1`).waitFor();
  await page.getByLabel('Text contains').fill('bench-1');
  await page.waitForURL(/q=bench-1/);
  await page.reload();
  await page.getByText(`renamed ${NODE} to bench-1`).waitFor();

  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  // Chromium itself says of each 401 that it came: before a login that is the answer to who is logged in.
  t.deepEqual(
    complaints.filter((text) => !/status of (401|400|409)/.test(text)),
    [],
  );
});
