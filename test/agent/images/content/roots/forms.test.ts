// Trees at the edges of what a file system can have, in both forms in which nodes get them.
import { mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { layerFiles } from '../../../../../agent/images/content/layers/layer-files.ts';
import { whyNotMountable } from '../../../../../agent/images/content/roots/mounts.ts';
import { runProgram } from '../../../../../lab/programs/run-program.ts';
import {
  mergedByOurs,
  type OurTree,
  treeByOurs,
} from '../../../../support/images/layers/by-ours.ts';
import type { Listing } from '../../../../support/images/layers/listing.ts';
import {
  archive,
  file,
  folder,
  hardLink,
  link,
  pax,
  type Records,
} from '../../../../support/images/layers/raw-tar.ts';
import {
  listErofs,
  listPlain,
  withErofs,
  withOwnTimes,
} from '../../../../support/images/layers/roots.ts';
import { one } from '../../../../support/images/layers/sparse-tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

type Made = Extract<OurTree, { kind: 'made' }>;
type Case = { readonly title: string; readonly layers: readonly (readonly Buffer[])[] };

const LIMITS = { maxFiles: 100_000, maxBytes: 2 ** 40, bytesReason: 'as the test says' };
const BLOCK = 4096;
const ENTRY = 12;
const named = (name: string, entry: Buffer) => Buffer.concat([pax([['path', name]]), entry]);
const count = (most: number) => Array.from({ length: most }, (_none, at) => at);

/** Names whose entries fill so many bytes of a folder, `.` and `..` with them. */
function filling(bytes: number): Buffer[] {
  const own = 2 * ENTRY + 3;
  const each = ENTRY + 100;
  const full = Math.floor((bytes - own) / each) - 1;
  const rest = bytes - own - full * each - ENTRY;
  const names = [...count(full).map((at) => String(at).padStart(100, 'n')), 'z'.repeat(rest)];
  return names.map((name) => named(`d/${name}`, file('cut')));
}

const xattrs = (most: number, length: number): Records =>
  count(most).map((at) => [`SCHILY.xattr.user.${at}`, 'v'.repeat(length)] as const);

const CASES: readonly Case[] = [
  {
    title: '3000 names in one folder, in the wrong order',
    layers: [
      count(3000)
        .reverse()
        .map((at) => file(`d/${at}`, String(at))),
    ],
  },
  {
    title: 'names of 255 bytes',
    layers: [['a', 'b', '\xff'].map((of) => named(of.repeat(255), file('cut', of)))],
  },
  ...[-1, 0, 1].flatMap((more) =>
    [1, 2].map((blocks) => ({
      title: `a folder whose entries fill ${blocks} blocks and ${more} bytes`,
      layers: [filling(blocks * BLOCK + more)],
    })),
  ),
  {
    title: 'links of all lengths around a block',
    layers: [
      [1, 4000, 4031, 4032, 4033, 4094, 4095].map((length) =>
        Buffer.concat([pax([['linkpath', 't'.repeat(length)]]), link(`l${length}`, 'cut')]),
      ),
    ],
  },
  {
    title: 'extended attributes of all lengths around what is left of a block',
    layers: [
      count(20).map((at) => Buffer.concat([pax(xattrs(1, 190 * at + 1)), file(`f${at}`, 'x')])),
    ],
  },
  {
    title: 'extended attributes of a folder, a link and an empty file',
    layers: [
      [
        pax(xattrs(30, 100)),
        folder('d/'),
        file('d/f', 'x'),
        pax([['SCHILY.xattr.trusted.a', 'v'.repeat(3000)]]),
        link('l', 't'.repeat(99)),
        pax(xattrs(3, 10)),
        file('empty'),
      ],
    ],
  },
  {
    title: '1000 names of one file',
    layers: [[file('f', 'x'), ...count(1000).map((at) => hardLink(`d${at % 7}/n${at}`, 'f'))]],
  },
  {
    title: 'files of all lengths around a block',
    layers: [
      [0, 1, 4095, 4096, 4097, 8191, 8192].map((length) => file(`f${length}`, 'x'.repeat(length))),
    ],
  },
  {
    title: '40 layers, whose device slots fill more than one block',
    layers: count(40).map((at) => [file(`f${at}`, `content of ${at}`), file('last', String(at))]),
  },
  { title: 'folders 200 deep', layers: [[named(`${'d/'.repeat(200)}f`, file('cut', 'x'))]] },
  {
    title: 'a layer with nothing in it, between others',
    layers: [[file('a', 'x')], [], [file('b', 'y')]],
  },
  { title: 'nothing at all', layers: [[]] },
];

const inBothForms = test.macro({
  title: (_given, { title }: Case) => `roots are what their tree is: ${title}`,
  async exec(t, { layers }: Case) {
    const path = await temporaryFolder(t);
    const made = await treeOf(layers, path);
    const listing = withOwnTimes(made.listing);
    same(t, await listPlain(made, path), listing);
    const reason = await whyNotMountable(path);
    if (reason === undefined) same(t, await listErofs(made, path), listing);
    else t.log(`not compared as EROFS: ${reason}`);
    await checkedByFsck(t, { path, folders: made.folders });
  },
});

async function treeOf(layers: Case['layers'], path: string): Promise<Made> {
  const own = join(path, 'layers');
  await mkdir(own);
  const sent = layers.map((parts) => ({ archive: archive(...parts) }));
  const ours = await treeByOurs(sent, { folder: own, limits: LIMITS });
  if (ours.kind === 'made') return ours;
  throw new Error(ours.reason);
}

/** Comparing large listings word by word, for a message, takes ava seconds. */
function same(t: ExecutionContext, actual: Listing, expected: Listing): void {
  if (isDeepStrictEqual(actual, expected)) t.pass();
  else t.deepEqual(actual, expected);
}

/** A second opinion where erofs-utils are installed. */
async function checkedByFsck(
  t: ExecutionContext,
  { path, folders }: { readonly path: string; readonly folders: readonly string[] },
): Promise<void> {
  const devices = folders.map((folder) => `--device=${layerFiles(folder).data}`);
  const argv = ['fsck.erofs', ...devices, join(path, 'root.erofs')];
  const { code, said } = await runProgram(argv).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT') throw thrown;
    return { code: 0, said: 'erofs-utils are not installed' };
  });
  t.log(said.trim());
  t.is(code, 0, said);
}

for (const each of CASES) test.serial(inBothForms, each);

test.serial('a file of 20 GB with holes takes no room and is there in both ends', async (t) => {
  const path = await temporaryFolder(t);
  const size = 20 * 2 ** 30;
  const pieces = [
    [0, 512],
    [10 * 2 ** 30, 512],
    [size - 512, 512],
  ] as const;
  const layer = archive(
    one('large', { pieces, size, content: 'b'.repeat(512) + 'm'.repeat(512) + 'e'.repeat(512) }),
  );
  const own = join(path, 'layers');
  await mkdir(own);
  const made = await mergedByOurs([{ archive: layer }], { folder: own, limits: LIMITS });
  const { blocks } = await stat(layerFiles(made.folders[0] ?? '').data);
  t.true(blocks * 512 < 2 ** 20, `${blocks} blocks`);
  const reason = await whyNotMountable(path);
  if (reason !== undefined) {
    t.log(`not mounted: ${reason}`);
    return;
  }
  await withErofs(made, {
    folder: path,
    use: async (mounted) => {
      const large = await open(join(mounted, 'large'));
      const at = async (place: number) =>
        (await large.read(Buffer.alloc(1), 0, 1, place)).buffer.toString('latin1');
      t.is((await large.stat()).size, size);
      t.deepEqual([await at(511), await at(512), await at(pieces[1][0])], ['b', '\0', 'm']);
      t.is(await at(size - 1), 'e');
      await large.close();
    },
  });
});
