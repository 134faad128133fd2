import test from 'ava';
import { startTestPlatform } from '../test-platform.ts';

test.serial('walt --version tells the version of the server too', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  t.regex((await platform.walt('--version')).out, /^walt [\d.]+\nwalt-server 1\.2\.3\n$/);
  const versions = JSON.parse((await platform.walt('version', '--json')).out);
  t.is(versions['walt-server'], '1.2.3');
});
