// The real scripts/bootstrap in a project of its own, with a PATH that holds exactly the programs a case allows:
// npm and apt-get are played by small scripts, since installing for real belongs to the machine, not to a test.
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { succeed } from '../../lab/programs/run-program.ts';
import { $ } from '../../scripts/run.ts';

const TOOLS = 'sh env id dirname sha256sum cat sed sort uniq tr chmod mkdir'.split(' ');
const NODE = '#!/bin/sh\n[ "$1" = -p ] && { echo 20.20.2; exit; }\necho "runs $*"\n';
const NPM = `#!/bin/sh
echo "npm $1" >>calls
mkdir -p node_modules/.bin
printf '${NODE.replaceAll('\n', '\\n').replaceAll('%', '%%')}' >node_modules/.bin/node
chmod +x node_modules/.bin/node
`;
const DPKG = '#!/bin/sh\nprintf "installed here\\nconfig-files absent\\ninstalled other\\n"\n';
const SLEEP = '#!/bin/sh\n';

type Project = { readonly root: string; readonly bin: string };

/** A project whose package list names `here` and, when wanted, `absent`. */
async function project(
  t: ExecutionContext,
  programs: Record<string, string>,
  packages = '# why\nhere\n\nabsent # too\n',
): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), 'walt-test-bootstrap-'));
  t.teardown(() => rm(root, { recursive: true }));
  const bin = join(root, 'bin');
  await mkdir(bin);
  await mkdir(join(root, 'scripts/setup'), { recursive: true });
  await copyFile('scripts/bootstrap', join(root, 'scripts/bootstrap'));
  await writeFile(join(root, 'scripts/setup/debian-packages.txt'), packages);
  await writeFile(join(root, 'package-lock.json'), '{}');
  for (const tool of TOOLS) await symlink(`/bin/${tool}`, join(bin, tool));
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(bin, name), text, { mode: 0o755 });
  }
  await chmod(root, 0o777);
  return { root, bin };
}

function bootstrap({ root, bin }: Project, { user = 0 } = {}) {
  const become = user === 0 ? [] : ['setpriv', `--reuid=${user}`, '--clear-groups'];
  const environment = ['env', '-i', `PATH=${bin}`];
  const program = ['/bin/sh', join(root, 'scripts/bootstrap'), 'a.ts', 'an argument'];
  return $({ nothrow: true, cwd: root })`${[...become, ...environment, ...program]}`;
}

async function calls({ root }: Project): Promise<string> {
  return readFile(join(root, 'calls'), 'utf8');
}

const whole = { node: NODE, npm: NPM, sleep: SLEEP, 'dpkg-query': DPKG };

const refuses = test.macro<[Record<string, string>, RegExp]>(async (t, programs, message) => {
  const { exitCode, stderr } = await bootstrap(await project(t, programs));
  t.is(exitCode, 1);
  t.regex(stderr, message);
});

test('bootstrap says that Node.js is missing', refuses, {}, /Node\.js is missing.*20 or later/s);
test('bootstrap says that npm is missing', refuses, { node: NODE }, /npm is missing/);
test(
  'bootstrap says that Node.js is too old',
  refuses,
  { node: NODE.replace('20.20.2', '18.19.0'), npm: NPM },
  /Node\.js 18\.19\.0 is too old.*20 or later/s,
);
test(
  'bootstrap says that npm failed',
  refuses,
  { node: NODE, npm: '#!/bin/sh\nexit 1\n' },
  /npm ci failed.*registry/s,
);

test('bootstrap runs the script once all is installed, and npm only when the lock changes', async (t) => {
  const place = await project(t, { ...whole, 'apt-get': '#!/bin/sh\nexit 1\n' }, 'here\n');
  t.is((await bootstrap(place)).stdout, 'runs a.ts an argument\n');
  t.is((await bootstrap(place)).stdout, 'runs a.ts an argument\n');
  t.is(await calls(place), 'npm ci\n');
  await writeFile(join(place.root, 'package-lock.json'), '{"changed":true}');
  await bootstrap(place);
  t.is(await calls(place), 'npm ci\nnpm ci\n');
});

test('bootstrap installs exactly the missing packages, again after a failure', async (t) => {
  const apt = `#!/bin/sh
case "$*" in
*update*) exit 0 ;;
esac
echo "$*" | sed 's/.*--no-install/--no-install/' >>calls
[ -e failed ] || { >failed; exit 1; }
`;
  const place = await project(t, { ...whole, 'apt-get': apt });
  const { exitCode, stderr } = await bootstrap(place);
  t.is(exitCode, 0, stderr);
  const install = '--no-install-recommends --no-upgrade --no-remove absent\n';
  t.is(await calls(place), `npm ci\n${install}${install}`);
  t.regex(stderr, /trying again/);
});

test('bootstrap with nothing to install leaves apt alone, whatever else is installed', async (t) => {
  const place = await project(
    t,
    { ...whole, 'apt-get': '#!/bin/sh\necho "apt $*" >>calls\n' },
    '# none\n',
  );
  t.is((await bootstrap(place)).stdout, 'runs a.ts an argument\n');
  t.is(await calls(place), 'npm ci\n');
});

test('bootstrap gives up on a broken apt and says so', async (t) => {
  const { exitCode, stderr } = await bootstrap(
    await project(t, { ...whole, 'apt-get': '#!/bin/sh\necho broken mirror >&2\nexit 100\n' }),
  );
  t.is(exitCode, 1);
  t.regex(stderr, /broken mirror.*could not be installed: absent/s);
});

test('bootstrap without root tells what to install', async (t) => {
  const place = await project(t, { ...whole, 'apt-get': '#!/bin/sh\nexit 1\n' });
  const { exitCode, stderr } = await bootstrap(place, { user: 65534 });
  t.is(exitCode, 1);
  t.regex(stderr, /as root: apt-get install --no-install-recommends absent/);
});

test('bootstrap elsewhere than on Debian names the packages and goes on', async (t) => {
  const { exitCode, stdout, stderr } = await bootstrap(await project(t, { node: NODE, npm: NPM }));
  t.is(exitCode, 0);
  t.regex(stderr, /not Debian.*here absent/s);
  t.is(stdout, 'runs a.ts an argument\n');
});

for (const [script, says] of [
  ['scripts/ok.ts', /^`npm run ok`, the gate/],
  ['scripts/test.ts', /^`npm test \[FILE…\]`/],
  ['scripts/bundle.ts', /^`npm run bundle`/],
  ['scripts/fuzz.ts', /^`npm run fuzz/],
  ['bench/tftp/run.ts', /^`npm run bench:tftp/],
] as const) {
  test(`bootstrap says what ${script} is for, and runs nothing, where it is asked by --help`, async (t) => {
    const bootstrap = join(import.meta.dirname, '../../scripts/bootstrap');
    const said = await succeed([bootstrap, script, '--help'], { seconds: 20 });
    const text = said.stdout.toString();
    t.regex(text, says);
    t.notRegex(text, /^(import|const|\*|\/)/m);
  });
}
