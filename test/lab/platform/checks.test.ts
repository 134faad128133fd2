import { join } from 'node:path';
import test from 'ava';
import { checkNamespaces } from '../../../lab/platform/checks.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';

const CHECKS = join(import.meta.dirname, '../../../lab/platform/checks.ts');

test('checkNamespaces() is content with a machine whose root may do all', async (t) => {
  await t.notThrowsAsync(checkNamespaces());
});

test('checkNamespaces() says what is refused, and what to do, where root has fewer rights', async (t) => {
  const script = `import { checkNamespaces } from ${JSON.stringify(CHECKS)};
await checkNamespaces().catch(({ message, remedy }) => console.log(message + '|' + remedy));`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const { stdout } = await runProgram(['setpriv', '--bounding-set=-sys_admin', ...node]);
  t.regex(
    stdout.toString(),
    /^Root may not make networks and mounts here: unshare.*not permitted\|In a container.*privileged\n$/,
  );
});
