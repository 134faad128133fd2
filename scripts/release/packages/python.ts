// `python3-walt`: the package for programs in Python, for Debian.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DebianPackage, filled, type ReleaseFacts } from '../package.ts';
import { documents } from './documents.ts';

const NAME = 'python3-walt';
/** Debian's place for modules of any Python 3. */
const MODULES = 'usr/lib/python3/dist-packages';

/** Python sees the module, and pip the package. */
export async function pythonPackage(facts: ReleaseFacts): Promise<DebianPackage> {
  const { root, version } = facts;
  const from = join(root, 'clients/python');
  const folder = join(root, 'release/debian/python');
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const sourcesIn = async (part: string) =>
    (await readdir(join(from, part))).filter((name) => name.endsWith('.py')).toSorted();
  const modules = await sourcesIn('walt');
  const examples = await sourcesIn('examples');
  const metadata = ['Metadata-Version: 2.1', 'Name: walt', `Version: ${version}`];
  return {
    ...{ name: NAME, version, architecture: 'all' },
    control: filled(await read('control'), { VERSION: version, SIZE: '@SIZE@' }),
    scripts: { postinst: await read('postinst'), prerm: await read('prerm') },
    files: [
      ...modules.map((name) => ({
        path: `${MODULES}/walt/${name}`,
        from: { file: join(from, 'walt', name) },
      })),
      {
        path: `${MODULES}/walt-${version}.egg-info`,
        from: {
          text: `${[...metadata, 'Summary: Nodes, images and logs of a WalT server', 'Requires-Python: >=3.9'].join('\n')}\n`,
        },
      },
      ...examples.map((name) => ({
        path: `usr/share/doc/${NAME}/examples/${name}`,
        from: { file: join(from, 'examples', name) },
      })),
      ...(await documents(NAME, facts)),
    ],
  };
}
