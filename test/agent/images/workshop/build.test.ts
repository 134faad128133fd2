// Builds as people see them: what they start from, and what their steps print.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { ownContainers } from '../../../../agent/images/workshop/own-containers.ts';
import { Workshop } from '../../../../agent/images/workshop/workshop.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { makeShellImage } from '../../../support/images/shell-image.ts';
import { startGitServer } from '../../../support/images/sources/git-server.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const DOCKERFILE = `FROM alice/pc
RUN echo made > /made; echo "first line"; printf 'no end'
RUN echo complaint >&2
`;
const GIT = ['-c', 'user.name=t', '-c', 'user.email=t@localhost'];

test('Workshop.build() starts a Dockerfile of a repository from an image of this server, and shows what its steps print', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, rest } = await openImageStore(folder);
  const steps: string[] = [];
  const progress = (step: string) => steps.push(step);
  const layout = await makeShellImage(join(folder, 'made'));
  const base = await store.import(layout, { name: 'alice/pc', progress });
  const site = join(folder, 'served/site');
  await mkdir(site, { recursive: true });
  await writeFile(join(site, 'Dockerfile'), DOCKERFILE);
  const script = 'git init -q && git add . && git "$@" commit -q -m one';
  const made = await runProgram(['sh', '-c', `cd "$0" && ${script}`, site, ...GIT]);
  t.is(made.code, 0, made.said);
  const url = await startGitServer(t, join(folder, 'served'));
  const workshop = new Workshop(store, ownContainers);
  const image = await workshop.build(`${url}/smart/site`, {
    target: store.target('alice/web'),
    progress,
  });
  t.deepEqual(image.layers.slice(0, base.layers.length), base.layers);
  const root = store.rootOf(store.keyOf('alice/web:latest') ?? '');
  t.is(await readFile(join(root, 'made'), 'utf8'), 'made\n');
  for (const text of [`fetching ${url}/smart/site`, 'providing alice/pc:latest']) {
    t.true(steps.includes(text), text);
  }
  const built = steps.slice(steps.indexOf('building') + 1, steps.indexOf('writing the new layer'));
  t.deepEqual(
    built.slice(0, 2).map((line) => line.slice(0, 9)),
    ['STEP 1/3:', 'STEP 2/3:'],
  );
  t.true(built.includes('first line'));
  t.is(built.filter((line) => /no end/.test(line)).length, 2, 'once as a step, once as its output');
  t.false(
    built.some((line) => /^[0-9a-f]{64}$|^COMMIT/.test(line)),
    built.join('\n'),
  );
  t.deepEqual((await rest()).tmp, []);
});
