// Builds from repositories and archives on a real server.
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { RequestError } from '../../../../../agent/errors.ts';
import { openContext } from '../../../../../agent/images/workshop/builds/context.ts';
import { runProgram } from '../../../../../lab/programs/run-program.ts';
import { startGitServer } from '../../../../support/images/sources/git-server.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const AUTHOR = ['-c', 'user.name=t', '-c', 'user.email=t@localhost'];

async function run(...argv: string[]): Promise<string> {
  const { code, said } = await runProgram(argv);
  if (code !== 0) throw new Error(`${argv.join(' ')} failed: ${said}`);
  return said.trim();
}

/** A repository `site` with two commits on its default branch, branch `other` and folder `sub`; the same as archives. */
async function lab(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const [tree, served] = [join(folder, 'tree'), join(folder, 'served')];
  await mkdir(join(tree, 'sub'), { recursive: true });
  await mkdir(served);
  const git = (...args: string[]) => run('git', '-C', tree, ...AUTHOR, ...args);
  const commit = async (text: string) => {
    await writeFile(join(tree, 'Dockerfile'), `FROM alice/pc\n# ${text}\n`);
    await writeFile(join(tree, 'sub/Dockerfile'), `FROM alice/sub\n# ${text}\n`);
    await git('add', '.');
    await git('commit', '--quiet', '-m', text);
    return await git('rev-parse', 'HEAD');
  };
  await symlink('/etc', join(tree, 'away'));
  await git('init', '--quiet', '--initial-branch', 'main');
  const first = await commit('first');
  await git('branch', 'other');
  await commit('second');
  await run('git', 'clone', '--quiet', '--bare', tree, join(served, 'site'));
  await run('git', '-C', join(served, 'site'), 'update-server-info');
  await run('git', 'clone', '--quiet', '--bare', tree, join(served, 'plain.git'));
  await run('git', '-C', join(served, 'plain.git'), 'update-server-info');
  await run('tar', '-C', tree, '--exclude=.git', '-czf', join(served, 'site.tar.gz'), '.');
  await run('cp', join(tree, 'sub/Dockerfile'), join(served, 'Dockerfile.web'));
  await writeFile(join(served, 'page.html'), '<html>');
  const url = await startGitServer(t, served);
  let number = 0;
  const openUrl = async (path: string) => {
    number += 1;
    const work = join(folder, `work-${number}`);
    await mkdir(work);
    const root = await openContext(`${url}${path}`, { work, progress: () => undefined });
    return { root, text: await readFile(join(root, 'Dockerfile'), 'utf8') };
  };
  return { first, open: openUrl };
}

const FIRST = 'FROM alice/pc\n# first\n';
const SECOND = 'FROM alice/pc\n# second\n';
const SUB = 'FROM alice/sub\n# second\n';

const found: readonly (readonly [string, string])[] = [
  ['/smart/site', SECOND],
  ['/smart/site#other', FIRST],
  ['/smart/site#:sub', SUB],
  ['/smart/site#other:sub', 'FROM alice/sub\n# first\n'],
  ['/smart/site#<commit>', FIRST],
  ['/smart/plain.git', SECOND],
  ['/site', SECOND],
  ['/site#other', FIRST],
  ['/plain.git', SECOND],
  ['/site.tar.gz', SECOND],
  ['/site.tar.gz#:sub', SUB],
  ['/Dockerfile.web', SUB],
];

test('openContext() fetches repositories, archives and Dockerfiles', async (t) => {
  const { open, first } = await lab(t);
  for (const [path, text] of found) {
    const got = await open(path.replace('<commit>', first));
    t.is(got.text, text, path);
    t.false((await readdir(got.root)).includes('fetched'));
  }
});

const refused: readonly (readonly [string, RegExp])[] = [
  [
    '/nothing',
    /it was not found there \(HTTP status 404\); it is no git repository either: git does not get it: /,
  ],
  ['/nothing.git', /Cannot build from http:.*\/nothing\.git: git does not get it: /],
  ['/page.html', /Cannot build from .*: it is neither a Dockerfile nor a tar archive: tar: /],
  ['/smart/site#nobranch', /Cannot build from .*: git does not get it: .*nobranch/],
  ['/smart/site#:nothing', /it has no folder nothing/],
  ['/smart/site#:../..', /it has no folder/],
  ['/smart/site#:away', /it has no folder away/],
  ['/smart/site#--upload-pack=x', /expected URL#branch:folder/],
];

test('openContext() says why it cannot fetch', async (t) => {
  const { open } = await lab(t);
  for (const [path, message] of refused) {
    await t.throwsAsync(open(path), { instanceOf: RequestError, message }, path);
  }
});

test('openContext() leaves a folder of this machine where it is', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n');
  t.is(await openContext(folder, { work: '/nothing', progress: () => undefined }), folder);
});
