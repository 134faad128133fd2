// A shell on a node, by the page in Debian's Chromium, the API's HTTPS server, ssh(1) and a node with Debian's sshd.
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { ownCertificate } from '../../../../agent/access/certificates.ts';
import { readPage } from '../../../../agent/api/page/page-files.ts';
import { startTlsApi } from '../../../../agent/api/servers/tls-server.ts';
import { limitedTlsServer } from '../../../../agent/net/limits/limited-tls-server.ts';
import { violations } from '../../../support/page/axe.ts';
import { bundlePage } from '../../../support/page/bundled-page.ts';
import { logIn, openBrowser } from '../../../support/page/open-page.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { accessLab } from '../../cli/node/access-lab.ts';

const PASSWORD = 'correct horse battery';

test('a user types in a shell on a node of theirs, and nothing of it stays when they leave', async (t) => {
  const { platform, node } = await accessLab(t);
  const { accounts, answers } = platform;
  const pc = await node('pc-1');
  await node('bobs', { image: 'bob/pc:latest' });
  const folder = await temporaryFolder(t);
  await bundlePage(folder);
  const tls = await ownCertificate(await temporaryFolder(t), ['127.0.0.1']);
  const api = await startTlsApi(answers, {
    ...{ accounts, host: '127.0.0.1', port: 0, page: await readPage(folder) },
    onProblem: (reason) => t.log(reason),
    serverOf: (handle) => limitedTlsServer(handle, { tls, onLimit: () => undefined }),
  });
  t.teardown(() => api.close());
  const url = `https://127.0.0.1:${api.port}`;
  await accounts.create('alice', 'user', PASSWORD);
  await accounts.create('vera', 'viewer', PASSWORD);
  const { open, complaints } = await openBrowser(t);
  const page = await open();
  await logIn(page, url, 'alice', PASSWORD);
  await page.goto(`${url}/nodes/pc-1`);
  // By the keyboard: the console is before the shell.
  await page.getByRole('tab', { name: 'Console' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/tab=shell/);
  const screen = page.locator('.xterm');
  const terminal = page.getByRole('region', { name: 'Shell on pc-1' });
  t.is(await screen.count(), 0, 'looking opens nothing');
  t.deepEqual(await violations(page), []);
  const shells = async () => (await pc.processes()).filter((line) => /-bash|bash -l/.test(line));
  t.is((await shells()).length, 0);

  await page.getByRole('button', { name: 'Open a shell' }).click();
  await page.getByText('You type.').waitFor();
  await page.keyboard.type('echo two-and-two-$((2+2)) $TERM; stty size\n');
  await screen.getByText('two-and-two-4 xterm-256color').first().waitFor();
  t.deepEqual(await violations(page), []);
  await page.keyboard.type('exit 3\n');
  await page.getByText('The shell has ended with status 3.').waitFor();
  await page.getByRole('button', { name: 'Open again' }).click();
  await page.getByText('You type.').waitFor();
  await page.keyboard.type('sleep 4242\n');
  const sleeps = async () => (await pc.processes()).some((line) => line.includes('sleep 4242'));
  while (!(await sleeps())) await sleep(100);
  await terminal.waitFor();
  await page.getByRole('tab', { name: 'Overview' }).click();
  while (await sleeps()) await sleep(100);

  await page.goto(`${url}/nodes/bobs?tab=shell`);
  await page.getByText('belongs to bob: a shell on it takes role operator').waitFor();
  t.is(await page.getByRole('button', { name: 'Open a shell' }).count(), 0);
  t.deepEqual(await violations(page), []);

  const viewer = await open();
  await logIn(viewer, url, 'vera', PASSWORD);
  await viewer.goto(`${url}/nodes/pc-1?tab=shell`);
  await viewer.getByRole('tab', { name: 'Overview', selected: true }).waitFor();
  t.is(await viewer.getByRole('tab', { name: 'Shell' }).count(), 0);
  t.deepEqual(
    complaints.filter((text) => !/status of 401/.test(text)),
    [],
  );
});
