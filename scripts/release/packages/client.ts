// `walt-client`: the command `walt`, for Debian and for npm. It is one file, which any Node.js 24 runs.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../../bundle/bundle.ts';
import { manPages } from '../man/man-pages.ts';
import { type DebianPackage, filled, type PackageFile, type ReleaseFacts } from '../package.ts';
import { documents } from './documents.ts';

const NAME = 'walt-client';

/** For machines without a server; the server's package has the command, too. */
export async function clientPackage(
  facts: ReleaseFacts,
  made: readonly Bundle[],
): Promise<DebianPackage> {
  const control = await readFile(join(facts.root, 'release/debian/client/control'), 'utf8');
  return {
    ...{ name: NAME, version: facts.version, architecture: 'all' },
    control: filled(control, { VERSION: facts.version, SIZE: '@SIZE@' }),
    scripts: {},
    files: [
      { path: 'usr/lib/walt/walt', from: { bytes: programOf(made) }, isProgram: true },
      { path: 'usr/bin/walt', from: { link: '../lib/walt/walt' } },
      {
        path: `usr/share/lintian/overrides/${NAME}`,
        from: { file: join(facts.root, 'release/debian/client/overrides') },
      },
      ...(await manPages(['walt'], facts)),
      ...(await documents(NAME, facts)),
    ],
  };
}

/** The files of the package for npm; `npm install --global` of it gives the command. */
export async function npmClient(
  { root, version }: ReleaseFacts,
  made: readonly Bundle[],
): Promise<PackageFile[]> {
  const description = {
    ...{ name: NAME, version, description: 'The command walt, which works with a WalT server' },
    ...{ license: 'MIT', type: 'module', bin: { walt: 'walt' }, engines: { node: '>=24' } },
  };
  return [
    { path: 'package/package.json', from: { text: `${JSON.stringify(description, null, 2)}\n` } },
    { path: 'package/walt', from: { bytes: programOf(made) }, isProgram: true },
    { path: 'package/LICENSE', from: { file: join(root, 'LICENSE') } },
  ];
}

function programOf(made: readonly Bundle[]): Uint8Array {
  const program = made.find(({ name }) => name === 'walt');
  if (program === undefined) throw new Error('Cannot pack walt-client: no bundle is called walt');
  return program.contents;
}
