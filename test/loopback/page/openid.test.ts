// People who sign in to the page of the real server by a real provider, in Debian's Chromium.
import test from 'ava';
import { openOpenIdLab } from '../../support/openid/lab-provider.ts';
import { violations } from '../../support/page/axe.ts';
import { browserProgram, PAGE_URL, PASSWORD, USER } from '../../support/page/lab-page.ts';
import { logIn, openBrowser } from '../../support/page/open-page.ts';

const PERSONS = {
  'c-1': { preferred_username: 'carol', groups: ['walt-operators'] },
  'd-1': { preferred_username: 'dave', groups: [] },
};

test('a person signs in by the provider, is sent back to where they were, and may what their group may', async (t) => {
  t.timeout(4 * 60_000);
  const { lab, provider } = await openOpenIdLab(t, 'openid', {
    ...{ persons: PERSONS, name: 'the lab', roles: { operator: ['walt-operators'] } },
  });
  const { open, complaints } = await openBrowser(t, await browserProgram(lab));
  const signIn = async (login: string) => {
    const page = await open();
    await page.goto(`${PAGE_URL}/log?q=nothing`);
    const button = page.getByRole('button', { name: 'Sign in with the lab' });
    await button.waitFor();
    t.deepEqual(await violations(page), []);
    // By the keyboard, as somebody without a mouse does.
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Who are you?').fill(login);
    await page.getByRole('button', { name: 'I am' }).click();
    return page;
  };

  const carol = await signIn('c-1');
  await carol.getByRole('navigation').waitFor();
  t.is(carol.url(), `${PAGE_URL}/log?q=nothing`);
  await carol.getByText('carol').waitFor();
  await carol.getByText('operator').waitFor();
  await carol.reload();
  await carol.getByText('carol').waitFor();
  t.regex(
    await lab.walt('log', 'show', '--audit'),
    /carol \(operator\) .*by OpenID of https:.*new user/,
  );
  t.regex(await lab.walt('user', 'show'), /carol +operator +https:\/\/127\.0\.0\.1:9443/);

  const dave = await signIn('d-1');
  await dave.getByText("your provider gives 'dave' no role of this server").waitFor();
  t.false(dave.url().includes('code='));
  t.deepEqual(await violations(dave), []);

  // A link with an answer of somebody else, in a browser that began nothing.
  const mallory = await open();
  await mallory.goto(`${PAGE_URL}/sign-in?code=stolen&state=stolen`);
  await mallory.getByText('it did not begin in this browser').waitFor();
  t.is(mallory.url(), `${PAGE_URL}/nodes`);

  await provider.kill();
  const late = await open();
  await logIn(late, PAGE_URL, USER, PASSWORD);

  t.deepEqual(
    complaints.filter((text) => !/status of (401|403)/.test(text)),
    [],
  );
});
