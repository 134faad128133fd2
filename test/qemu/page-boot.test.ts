// The page of the real server in Debian's Chromium, and a real node in QEMU: a person watches it boot from its first DHCP question until it
// is up, makes it theirs, types at its console, reboots it, gives it a name and reads about it in the log.
import test from 'ava';
import { defaultImage } from '../../lab/lab.ts';
import { browserProgram, openPageLab, PAGE_URL, PASSWORD, USER } from '../support/page/lab-page.ts';
import { logIn, openBrowser } from '../support/page/open-page.ts';

const BOOT = { timeout: 400_000 };
const SOON = { timeout: 60_000 };
/** Keeps each state that the row of the node ever shows. */
const WATCH = `
  const seen = [];
  globalThis.statesSeen = () => seen;
  new MutationObserver(() => {
    for (const state of document.querySelectorAll('.nodes .row .state')) {
      if (seen.at(-1) !== state.textContent) seen.push(state.textContent);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });`;

test('a person watches a real node boot, takes it, types at its console and reboots it, by the page', async (t) => {
  t.timeout(25 * 60_000);
  const lab = await openPageLab(t, 'qpage');
  await lab.walt('image', 'import', defaultImage, '--yes');
  const { open, complaints } = await openBrowser(t, await browserProgram(lab));
  const page = await open();
  await page.addInitScript({ content: WATCH });
  await logIn(page, PAGE_URL, USER, PASSWORD);

  await lab.walt('node', 'create', 'vn-1', 'ram=512M');
  // Who makes a node has it; here somebody else is to take it.
  await lab.walt('node', 'release', 'vn-1');
  const row = page.getByRole('row', { name: /vn-1/ });
  await row.getByText('Running', { exact: true }).waitFor(BOOT);
  const states = await page.evaluate<string[]>('statesSeen()');
  const boot = ['Asking for an address', 'Loading files', 'Starting its system', 'Running'];
  const places = boot.slice(1).map((state) => states.indexOf(state));
  t.false(places.includes(-1), states.join());
  t.deepEqual(
    places,
    places.toSorted((one, other) => one - other),
    states.join(),
  );

  const question = page.getByRole('dialog');
  await row.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Acquire' }).click();
  await question.getByText('Becomes yours.').waitFor();
  await question.getByRole('checkbox', { name: /Reboot now/ }).uncheck();
  await question.getByRole('button', { name: 'Acquire' }).click();
  await row.getByText('you', { exact: true }).waitFor(SOON);

  await row.getByRole('link', { name: 'vn-1' }).click();
  await page.getByText('up after').first().waitFor(SOON);
  await page.getByRole('tab', { name: 'Console' }).click();
  await page.getByText('You type.').waitFor(SOON);
  await page.locator('.xterm').click();
  // The prompt may come a little behind the ssh server, and forgets what was typed before it.
  await page.keyboard.type('\n');
  await page.locator('.xterm').getByText('login:').first().waitFor(SOON);
  await page.keyboard.type('root\n');
  await page.locator('.xterm').getByText('gone at the next reboot').first().waitFor(SOON);
  await page.keyboard.type('echo two-and-two-$((2+2))\n');
  await page.locator('.xterm').getByText('two-and-two-4').first().waitFor(SOON);

  await page.getByRole('button', { name: 'Reboot' }).click();
  await question.getByRole('button', { name: 'Reboot' }).click();
  await page.getByText('Reboot: 1 node').waitFor(SOON);
  await page.getByRole('link', { name: 'Nodes', exact: true }).click();
  await page.evaluate('statesSeen().length = 0');
  await row.getByText('Starting its system', { exact: true }).waitFor(BOOT);
  await row.getByText('Running', { exact: true }).waitFor(BOOT);
  await row.getByText(/alice\/pc-x86-64/).waitFor(SOON);

  await row.getByRole('link', { name: 'vn-1' }).click();
  await page.getByRole('button', { name: 'Rename…' }).click();
  await question.getByLabel('New name').fill('bench-1');
  await question.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('heading', { name: 'bench-1' }).waitFor(SOON);
  await page.getByRole('link', { name: 'Log', exact: true }).click();
  await page.getByText('renamed vn-1 to bench-1').waitFor(SOON);
  await lab.walt('node', 'remove', 'bench-1', '--yes');
  // systemd shortens long lines in the middle, also of what colours them, and the terminal says so.
  const ofMachine = /^xterm\.js: Parsing error: .*code: 8230/;
  t.deepEqual(
    complaints.filter((text) => !/status of (401|400|409)/.test(text) && !ofMachine.test(text)),
    [],
  );
});
