// Users and tokens on the page of the real server in Debian's Chromium, by keyboard where it counts.
import test from 'ava';
import { violations } from '../../support/page/axe.ts';
import {
  browserProgram,
  openPageLab,
  PAGE_URL,
  PASSWORD,
  USER,
} from '../../support/page/lab-page.ts';
import { logIn, openBrowser, type PageBrowser } from '../../support/page/open-page.ts';

const OTHER = 'another long password';
const names = (page: Awaited<ReturnType<PageBrowser['open']>>) =>
  page.locator('tbody tr td:first-child b').allTextContents();

test('administrators make users and end them; everybody has tokens and a password of their own', async (t) => {
  t.timeout(4 * 60_000);
  const lab = await openPageLab(t, 'people');
  const { open, complaints } = await openBrowser(t, await browserProgram(lab));
  const page = await open();
  await logIn(page, PAGE_URL, USER, PASSWORD);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const question = page.getByRole('dialog');
  const answer = (name: string) => question.getByRole('button', { name, exact: true }).click();

  await page.getByRole('link', { name: 'Users' }).click();
  await button('New user…').focus();
  await page.keyboard.press('Enter');
  await question.getByLabel('Name').fill('Bob');
  await answer('Make user');
  await question.getByRole('alert').getByText('expected small letters').waitFor();
  await question.getByLabel('Name').fill('bob');
  await question.getByLabel('Role').selectOption('operator');
  await question.getByLabel('Password').fill(PASSWORD);
  t.deepEqual(await violations(page), []);
  await page.keyboard.press('Enter');
  await page.getByText('bob is a user now.').waitFor();
  await button('Remove bob').waitFor();
  t.deepEqual(await names(page), [USER, 'bob']);
  await button('Name').click();
  await button('Name').click();
  await page.waitForURL(/sort=-name/);
  t.deepEqual(await names(page), ['bob', USER]);
  t.is(
    await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort'),
    'descending',
  );
  t.is(await page.getByRole('button', { name: `Remove ${USER}` }).count(), 0);
  await button('Change bob').click();
  await question.getByLabel('Role').selectOption('viewer');
  await answer('Change');
  await page.getByText('bob is changed.').waitFor();
  t.regex(await lab.walt('user', 'show'), /bob +viewer +password/);

  const bobs = await open();
  await logIn(bobs, PAGE_URL, 'bob', PASSWORD);
  t.is(await bobs.getByRole('link', { name: 'Users' }).count(), 0);
  await bobs.goto(`${PAGE_URL}/users`);
  await bobs.getByText('No such page').waitFor();
  await bobs.getByRole('link', { name: 'Your account' }).click();
  await bobs.getByText('You are bob, with role viewer.').waitFor();
  await bobs.getByRole('button', { name: 'New token…' }).click();
  const asked = bobs.getByRole('dialog');
  await asked.getByLabel('What it is for').fill('ci');
  await asked.getByLabel('Days').fill('3');
  t.deepEqual(await asked.getByLabel('The most').locator('option').count(), 1);
  await asked.getByRole('button', { name: 'Make token' }).click();
  const shown = await asked.getByText(/^walt_[\w-]{43}$/).textContent();
  await bobs.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await asked.getByRole('button', { name: 'Copy: The token' }).click();
  await bobs.getByText('Copied').waitFor();
  t.is(await bobs.evaluate<string | null>('navigator.clipboard.readText()'), shown);
  t.deepEqual(await violations(bobs), []);
  await bobs.keyboard.press('Escape');
  await bobs.getByRole('button', { name: /^Revoke ci/ }).waitFor();
  t.is(await bobs.getByText(String(shown)).count(), 0, 'it is shown once');
  t.deepEqual(await violations(bobs), []);
  const headers = JSON.stringify({ authorization: `Bearer ${shown}` });
  const asProgram = `fetch('/api/v1/whoami', { headers: ${headers} }).then(({ status }) => status)`;
  const who = () => bobs.evaluate<number>(asProgram);
  t.is(await who(), 200);
  await bobs.getByRole('button', { name: /^Revoke ci/ }).click();
  await asked.getByRole('button', { name: 'Revoke' }).click();
  await bobs.getByText('No token.').waitFor();
  t.is(await who(), 401);

  await bobs.getByRole('button', { name: 'Change password…' }).click();
  const change = async (old: string, fresh: string, again = fresh) => {
    await asked.getByLabel('Password until now').fill(old);
    await asked.getByLabel('New password').fill(fresh);
    await asked.getByLabel('The same again').fill(again);
    await asked.getByRole('button', { name: 'Change password' }).click();
  };
  await change(PASSWORD, OTHER, 'something else of length');
  await asked.getByRole('alert').getByText('are not the same').waitFor();
  await change('wrong', OTHER);
  await asked.getByRole('alert').getByText('the password is wrong').waitFor();
  await change(PASSWORD, OTHER);
  await bobs.getByText('Your password is changed. Log in with it.').waitFor();
  await logIn(bobs, PAGE_URL, 'bob', OTHER);

  await button('Disable bob').click();
  await answer('Disable');
  await page.getByText('bob has no way in.').waitFor();
  await bobs.reload();
  await bobs.getByLabel('User').fill('bob');
  await bobs.getByLabel('Password').fill(OTHER);
  await bobs.getByRole('button', { name: 'Log in' }).click();
  await bobs.getByText('Your account is disabled: ask an administrator.').waitFor();
  t.deepEqual(await violations(page), []);
  await button('Enable bob').click();
  await page.getByText('bob has a way in again.').waitFor();
  await logIn(bobs, PAGE_URL, 'bob', OTHER);
  await button('Remove bob').click();
  await answer('Remove');
  await page.getByText('bob is removed.').waitFor();
  await button('Remove bob').waitFor({ state: 'detached' });
  t.deepEqual(await names(page), [USER]);
  t.regex(
    await lab.walt('log', 'show', '--audit'),
    /alice \(admin\) from 127\.0\.0\.1: users\.remove bob: done/,
  );

  t.deepEqual(
    complaints.filter((text) => !/status of (400|401|403)/.test(text)),
    [],
  );
});
