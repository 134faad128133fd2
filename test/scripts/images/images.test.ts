// The command line of the image builder.
import { join } from 'node:path';
import test from 'ava';
import { recipes } from '../../../scripts/images/recipes.ts';
import { $ } from '../../../scripts/run.ts';

const SCRIPT = join(import.meta.dirname, '../../../scripts/images.ts');
const run = (...args: string[]) => $({ nothrow: true })`${process.execPath} ${SCRIPT} ${args}`;

test('images --dry-run prints the plan of a build', async (t) => {
  const { stdout, exitCode } = await $({
    env: { ...process.env, WALT_CACHE: '/nowhere' },
  })`${process.execPath} ${SCRIPT} pc-x86-64 --dry-run`;
  t.is(exitCode, 0);
  t.regex(stdout, /^install Debian bookworm \(amd64\) with .*openssh-server/);
  t.regex(stdout, /place it at .*release\/dist\/images\/pc-x86-64\.oci\.tar\n$/);
});

for (const args of [['pc-x86-99'], ['--nonsense'], []]) {
  test(`images ${args.join(' ')} is refused, saying what there is`, async (t) => {
    const { stderr, exitCode } = await run(...args);
    t.is(exitCode, 1);
    t.regex(
      stderr,
      args[0] === 'pc-x86-99' ? /expected one of: pc, .*pc-x86-64/ : /--nonsense|Usage/,
    );
    t.notRegex(stderr, /\n {4}at /);
  });
}

test('images says that it must be run by root', async (t) => {
  const folder = (await $`mktemp -d`).stdout.trim();
  try {
    const { stderr, exitCode } = await $({
      nothrow: true,
      env: { ...process.env, WALT_CACHE: folder },
    })`setpriv --reuid 65534 --regid 65534 --clear-groups ${process.execPath} ${SCRIPT} pc-x86-64`;
    t.is(exitCode, 1);
    t.regex(stderr, /must be run by root/);
  } finally {
    await $`rmdir ${folder}`;
  }
});

test('images --dry-run takes the images of a family, each once', async (t) => {
  const { stdout } = await run('pc', 'pc-x86-32', '--dry-run');
  t.deepEqual(
    stdout.match(/[^/]+(?=\.oci\.tar$)/gm)?.filter((name) => !/-[0-9a-f]{16}$/.test(name)),
    ['pc-x86-64', 'pc-x86-32'],
  );
});

test('recipes have each their own image name, and a model has one image', (t) => {
  const models = recipes.flatMap((recipe) => recipe.models.map(({ model }) => model));
  t.is(new Set(models).size, models.length);
  t.is(new Set(recipes.map(({ reference }) => reference)).size, recipes.length);
  for (const { name, reference } of recipes) t.true(reference.includes(name));
});
