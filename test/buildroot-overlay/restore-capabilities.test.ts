// Capabilities of files come back by each of the programs that can do it, and by walt-init over a read-only image.
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  type CapableFile,
  capabilitiesList,
} from '../../agent/images/content/node-side/capabilities-list.ts';
import { $ } from '../../scripts/run.ts';
import { createNodeSide, OVERLAY_BIN } from './keepers.ts';
import { createNodeImage } from './node-image.ts';

test.before((t) => {
  t.timeout(120_000);
});

/** What `getcap` calls them, and the attribute: flags, then permitted and inheritable, low half and high half. */
const CASES = [
  ['cap_net_raw=ep', '0100000200200000000000000000000000000000'],
  ['cap_net_raw=p', '0000000200200000000000000000000000000000'],
  ['cap_net_bind_service,cap_net_admin,cap_net_raw=ep', '0100000200340000000000000000000000000000'],
  ['cap_net_raw=eip', '0100000200200000002000000000000000000000'],
  ['cap_chown,cap_bpf=ep', '0100000201000000000000008000000000000000'],
] as const;

/** Of version 3, which has the user in whose name space it counts besides. */
const VERSION_3 = '0100000300200000000000000000000000000000e8030000';

const PROGRAMS = {
  setfattr: 'command -v setfattr',
  python3: 'python3 -c "import sys; print(sys.executable)"',
  perl: 'command -v perl',
  setcap: 'command -v setcap',
} as const;

type Side = {
  readonly folder: string;
  /** Restores what is listed; gives what was said of it. A program may take so many seconds. */
  restore(files: readonly CapableFile[], seconds?: number): Promise<string>;
};

/** A system that has no other programs than these. */
async function withPrograms(
  programs: Readonly<Record<string, string>>,
  body: (side: Side) => Promise<void>,
): Promise<void> {
  const node = await createNodeSide('');
  const { folder } = node;
  try {
    await mkdir(join(folder, 'system'));
    for (const [name, path] of Object.entries(programs)) {
      await symlink(path, join(folder, 'system', name));
    }
    await body({
      folder,
      async restore(files, seconds = 20) {
        await writeFile(join(folder, 'list'), capabilitiesList(files));
        await writeFile(join(folder, 'kmsg'), '');
        const variables = [
          `PATH=${folder}/bin:/usr/bin`,
          `WALT_CAPABILITIES=${folder}/list`,
          `WALT_SYSTEM_PATH=${folder}/system`,
          `WALT_KMSG=${folder}/kmsg`,
          `WALT_CAPABILITY_SECONDS=${seconds}`,
        ];
        await $`env ${variables} busybox sh ${OVERLAY_BIN}/walt-restore-capabilities`;
        return await readFile(join(folder, 'kmsg'), 'utf8');
      },
    });
  } finally {
    await node.remove();
  }
}

const where = async (name: keyof typeof PROGRAMS) =>
  (await $`sh -c ${PROGRAMS[name]}`).stdout.trim();

const capabilitiesOf = async (file: string) =>
  (await $`getcap ${file}`).stdout.trim().slice(file.length + 1);

const bytes = (hex: string) => Buffer.from(hex, 'hex');

for (const name of ['setfattr', 'python3', 'perl', 'setcap'] as const) {
  test(`walt-restore-capabilities gives files their capabilities by ${name} alone`, async (t) => {
    await withPrograms({ [name]: await where(name) }, async ({ folder, restore }) => {
      const files = CASES.map(([, hex], index) => ({
        path: `${folder}/tool ${index} é\n`,
        value: bytes(hex),
      }));
      for (const { path } of files) await writeFile(path, '');
      t.is(await restore(files), '');
      for (const [index, [text]] of CASES.entries()) {
        t.is(await capabilitiesOf(files[index]?.path ?? ''), text);
      }
    });
  });
}

test('walt-restore-capabilities says so where setcap cannot express them', async (t) => {
  await withPrograms({ setcap: await where('setcap') }, async ({ folder, restore }) => {
    await writeFile(`${folder}/tool`, '');
    const said = await restore([{ path: `${folder}/tool`, value: bytes(VERSION_3) }]);
    t.regex(said, /tool has no capabilities: none of setfattr setcap python3 perl could give them/);
  });
});

test('walt-restore-capabilities tries a program that hangs once, however many files there are', async (t) => {
  await withPrograms({ perl: await where('perl') }, async ({ folder, restore }) => {
    const hanging = `#!/bin/sh\necho tried >>${folder}/tries\nexec /bin/sleep 1000\n`;
    await writeFile(join(folder, 'system/setfattr'), hanging, { mode: 0o755 });
    const paths = [1, 2, 3].map((number) => `${folder}/tool ${number}`);
    for (const path of paths) await writeFile(path, '');
    const [[text, hex]] = CASES;
    const files = paths.map((path) => ({ path, value: bytes(hex) }));
    t.is(await restore(files, 3), '');
    t.is(await readFile(join(folder, 'tries'), 'utf8'), 'tried\n');
    for (const path of paths) t.is(await capabilitiesOf(path), text);
  });
});

test('walt-restore-capabilities takes the next program where one fails', async (t) => {
  const programs = { setfattr: '/bin/false', python3: '/nowhere', perl: await where('perl') };
  await withPrograms(programs, async ({ folder, restore }) => {
    await writeFile(`${folder}/tool`, '');
    t.is(await restore([{ path: `${folder}/tool`, value: bytes(VERSION_3) }]), '');
    const { stdout } = await $`getfattr -m - -d -e hex --absolute-names ${folder}/tool`;
    t.true(stdout.includes(`security.capability=0x${VERSION_3}`), stdout);
  });
});

for (const [what, prepare, said] of [
  ['is gone', 'true', /tool has capabilities in the image, but is no file here/],
  ['is a folder', 'mkdir tool', /tool has capabilities in the image, but is no file here/],
  ['is a link', 'touch other; ln -s other tool', /tool has capabilities in the image, but is no/],
  [
    'is for no program',
    'touch tool',
    /tool has no capabilities: none of setfattr setcap python3 perl/,
  ],
] as const) {
  test(`walt-restore-capabilities says so where a file ${what}`, async (t) => {
    await withPrograms({}, async ({ folder, restore }) => {
      await $({ cwd: folder })`sh -ec ${prepare}`;
      t.regex(await restore([{ path: `${folder}/tool`, value: bytes(CASES[0][1]) }]), said);
    });
  });
}

test('walt-init gives programs of a read-only image their capabilities', async (t) => {
  const image = await createNodeImage({
    programs: ['setfattr', 'getfattr'],
    init: `/usr/bin/getfattr -n security.capability -e hex /usr/bin/tool /usr/bin/other; echo report ends`,
  });
  try {
    await image.prepare('for name in tool other gone; do echo $name >usr/bin/$name; done');
    const tool = { path: '/usr/bin/tool', value: bytes(CASES[0][1]) };
    const gone = { path: '/usr/bin/never-was', value: bytes(CASES[0][1]) };
    await writeFile(join(image.root, 'bin/walt-capabilities.list'), capabilitiesList([gone, tool]));
    const said = await image.boot(/report ends|cannot start/);
    t.regex(said, /never-was has capabilities in the image, but is no file here/);
    t.regex(said, new RegExp(`usr/bin/tool\nsecurity.capability=0x${CASES[0][1]}`));
    t.regex(said, /usr\/bin\/other: security.capability: No such attribute/);
  } finally {
    await image.remove();
  }
});

for (const [what, command] of [
  ['a folder', 'mkdir bin/walt-capabilities.list'],
  ['a pipe', 'mkfifo bin/walt-capabilities.list'],
  ['nonsense', 'head -c 10000 /dev/urandom >bin/walt-capabilities.list'],
] as const) {
  test(`walt-init starts an image whose list of capabilities is ${what}`, async (t) => {
    const image = await createNodeImage({ init: 'echo report ends' });
    try {
      await image.prepare(command);
      t.regex(await image.boot(/report ends|cannot start/), /report ends/);
    } finally {
      await image.remove();
    }
  });
}
