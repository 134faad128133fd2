// A person gets a boot medium by the page: three questions, a click, and what the browser has written is what the page says.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  browserProgram,
  openPageLab,
  PAGE_URL,
  PASSWORD,
  USER,
} from '../../support/page/lab-page.ts';
import { logIn, openBrowser } from '../../support/page/open-page.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MEDIUM = 'pc-usb.dd.gz';
const OWN = join(import.meta.dirname, '../../../release/dist', MEDIUM);

test('a boot medium that the page gave is whole, by the checksum that the page shows', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openPageLab(t, 'media');
  const { open, complaints } = await openBrowser(t, await browserProgram(lab));
  const page = await open();
  await logIn(page, PAGE_URL, USER, PASSWORD);
  await page.goto(`${PAGE_URL}/media`);
  for (const [question, answer] of [
    ['What kind of machine is it?', /PC/],
    ['Question 2 of 3', /stick/],
    ['Question 3 of 3', /./],
  ] as const) {
    await page.getByText(question).waitFor();
    await page.locator('.choices button').filter({ hasText: answer }).first().click();
  }
  const link = page.locator('.wizard').getByRole('link', { name: `Download: ${MEDIUM}` });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  t.is(download.suggestedFilename(), MEDIUM);
  const path = join(await temporaryFolder(t), 'got');
  await download.saveAs(path);
  const got = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  await page.locator('.wizard').getByText(got, { exact: true }).waitFor();
  t.true((await readFile(path)).equals(await readFile(OWN)));

  // Whoever is not logged in any more gets no file that looks like one.
  await page.context().clearCookies();
  const [broken] = await Promise.all([page.waitForEvent('download'), link.click()]);
  t.not(await broken.failure(), null);
  t.deepEqual(
    complaints.filter((text) => !/status of 401/.test(text)),
    [],
  );
});
