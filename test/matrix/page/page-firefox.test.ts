// The page in Debian's Firefox: a person logs in, sees a board come up, takes it, types at its console, and looks at every page. No script
// fails there, and the page's policy refuses nothing. Package firefox-esr.
import test from 'ava';
import { eventually } from '../../support/lab.ts';
import { violations } from '../../support/page/axe.ts';
import { Firefox } from '../../support/page/firefox.ts';
import { openPageLab, PAGE_URL, PASSWORD, plugBoards, USER } from '../../support/page/lab-page.ts';
import { serialShell } from '../../support/page/serial-shell.ts';

const MAC = '52:54:00:00:22:01';
const NODE = 'node-002201';
const ENTER = '\uE007';

const PAGES: readonly (readonly [path: string, ready: RegExp])[] = [
  ['/nodes?q=nothing-is-called-so', /Take all filters away/],
  [`/nodes/${NODE}`, /Last boots/],
  [`/nodes/${NODE}?tab=log`, /is booted/],
  [`/nodes/${NODE}?tab=settings`, /boot\.timeout/],
  [`/nodes/${NODE}?tab=shell`, /Open a shell/],
  ['/nodes/nobody', /There is no node nobody/],
  ['/log', /is booted/],
  ['/images', /waltplatform\/pc-x86-64-default/],
  ['/media', /What kind of machine is it\?/],
  ['/media?is=pc.usb.yes', /pc-usb\.dd\.gz/],
  ['/health', /skipped/],
  ['/topology', /Topology/],
  ['/first-run', /Your first node/],
  ['/users', /Tokens of all users/],
  ['/account', /Your tokens/],
];

test('a person uses the page with Firefox: no script fails, and nothing is refused', async (t) => {
  t.timeout(8 * 60_000);
  const lab = await openPageLab(t, 'firefox');
  const page = await Firefox.open(t, lab);
  await page.goTo(PAGE_URL);
  await page.click({ role: 'textbox', name: 'User' });
  await page.type(USER);
  await page.click({ css: 'input[type=password]' });
  await page.type(PASSWORD);
  await page.click({ role: 'button', name: 'Log in' });
  await page.see(/No node yet/);

  // The list follows what happens; nobody loads it again.
  const boards = await plugBoards(t, lab, [{ mac: MAC, courses: ['good'] }]);
  await page.see(new RegExp(`${NODE}[\\s\\S]*Running`), '.nodes');
  await page.click({ css: '.nodes .row input[type=checkbox]' });
  await page.click({ role: 'button', name: 'Acquire' });
  await page.see(/Becomes yours\./, '[role=dialog], dialog');
  await page.click({ role: 'button', name: 'Acquire' });
  await page.see(/\byou\b/, '.nodes');
  await boards.waitFor(/asked good/, 60);
  await page.see(/Running/, '.nodes');
  t.regex(await lab.walt('node', 'show', '--all'), /walt:alice\/pc-x86-64:latest/);

  const line = serialShell(t, 800);
  await lab.walt('node', 'config', NODE, `console=${line},115200`, '--yes');
  await page.goTo(`${PAGE_URL}/nodes/${NODE}`);
  await page.click({ role: 'tab', name: 'Console' });
  await page.see(/You type\./);
  await page.click({ css: '.xterm' });
  await page.type(`echo two-and-two-$((2+2))${ENTER}`);
  await page.see(/two-and-two-4/, '.xterm');
  const rules =
    'document.adoptedStyleSheets.reduce((sum, { cssRules }) => sum + cssRules.length, 0)';
  t.true(Number(await page.evaluate(rules)) > 0, 'the styles that xterm writes are in force');

  for (const [path, ready] of PAGES) {
    await page.goTo(`${PAGE_URL}${path}`);
    await page.see(ready);
    t.deepEqual(await violations(page), [], path);
  }
  t.deepEqual(page.complaints, []);

  // What fails there, and what is refused, is heard of.
  await page.evaluate(`setTimeout(() => { throw new Error('provoked'); })`);
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { text: '0' }))`,
  );
  const heard = async () => page.complaints.toSorted().join('\n');
  await eventually(
    heard,
    (text) => /provoked[\s\S]*refused by the policy: script-src/.test(text),
    30,
  );
});
