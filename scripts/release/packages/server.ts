// `walt-server`: the server with its own Node.js, the node side, what machines boot from, and its unit.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../../bundle/bundle.ts';
import { PAGE_FOLDER } from '../../bundle/page.ts';
import { $ } from '../../run.ts';
import { manPages } from '../man/man-pages.ts';
import { isShipped, type Runtime } from '../node-runtime.ts';
import {
  type Architecture,
  type DebianPackage,
  filled,
  type PackageFile,
  type ReleaseFacts,
} from '../package.ts';
import { documents } from './documents.ts';

const NAME = 'walt-server';
const UNITS = [
  'walt-api.socket',
  'walt-bootup.socket',
  'walt-dhcp.socket',
  'walt-host.service',
  'walt-host.socket',
  'walt-http.socket',
  'walt-network.service',
  'walt-outside.service',
  'walt-outside.socket',
  'walt-runner.service',
  'walt-runner.socket',
  'walt-server.service',
  'walt-tftp.socket',
  'walt-workshop.service',
  'walt-workshop.socket',
];
const DOCUMENTS = `usr/share/doc/${NAME}`;

type Parts = {
  readonly architecture: Architecture;
  readonly made: readonly Bundle[];
  readonly runtime: Runtime;
  /** has the media, and the folders of those that the server sends itself */
  readonly media: string;
  /** names in `media` */
  readonly outputs: readonly string[];
  readonly folders: readonly string[];
};

/** The package for one architecture. */
export async function serverPackage(facts: ReleaseFacts, parts: Parts): Promise<DebianPackage> {
  const { root, version } = facts;
  const texts = await readTexts(join(root, 'release/debian/server'));
  const { control = '', 'server.yaml': config = '', overrides, preinst = '', ...others } = texts;
  const scripts = {
    ...others,
    preinst: filled(preinst, { VERSION: version, STEP: await lastStep(root) }),
  };
  const { architecture } = parts;
  return {
    ...{ name: NAME, version, architecture },
    control: filled(control, { VERSION: version, ARCHITECTURE: architecture, SIZE: '@SIZE@' }),
    scripts: { ...scripts, conffiles: '/etc/walt/server.yaml\n' },
    files: [
      { path: 'etc/walt/server.yaml', from: { text: config } },
      ...programs(parts),
      ...pageOf(parts),
      ...(await runtimeFiles(parts.runtime)),
      ...(await shared(root, parts)),
      ...units(root),
      ...(overrides === undefined
        ? []
        : [{ path: `usr/share/lintian/overrides/${NAME}`, from: { text: overrides } }]),
      ...(await pages(root)),
      ...(await manPages(['walt', 'walt-server', 'walt-server-setup'], facts)),
      ...(await documents(NAME, facts)),
    ],
  };
}

/** The last step towards the form of the database: what this version can use. */
async function lastStep(root: string): Promise<string> {
  const question = ['agent/main.ts', '--version', '--json'];
  const { stdout } = await $({ cwd: root })`${process.execPath} ${question}`;
  return JSON.parse(stdout).database;
}

/** The command `walt`, too: one package makes a server that people can use. */
function programs({ made }: Parts): PackageFile[] {
  const own = made.filter(({ name }) => name === 'walt' || name.startsWith(NAME));
  return [
    ...own
      .filter(({ isProgram }) => isProgram)
      .map(({ name, contents }) => ({
        ...{ path: `usr/lib/walt/${name}`, from: { bytes: contents } },
        isProgram: !name.endsWith('.mjs'),
      })),
    ...own
      .filter(({ isProgram }) => !isProgram)
      .map(({ name, contents }) => ({ path: `${DOCUMENTS}/${name}`, from: { bytes: contents } })),
    { path: `usr/sbin/${NAME}`, from: { link: '../lib/walt/walt-server' } },
    { path: `usr/sbin/${NAME}-setup`, from: { link: '../lib/walt/walt-server-setup' } },
    { path: 'usr/bin/walt', from: { link: '../lib/walt/walt' } },
  ];
}

/** What browsers get from the server. */
function pageOf({ made }: Parts): PackageFile[] {
  return made
    .filter(({ name }) => name.startsWith(`${PAGE_FOLDER}/`))
    .map(({ name, contents }) => ({
      ...{ path: `usr/share/walt/${name}`, from: { bytes: contents } },
    }));
}

async function runtimeFiles({ node, packages }: Runtime): Promise<PackageFile[]> {
  const files: PackageFile[] = [
    { path: 'usr/lib/walt/node', from: { file: join(node, 'bin/node') }, isProgram: true },
    { path: `${DOCUMENTS}/LICENSE.node`, from: { file: join(node, 'LICENSE') } },
  ];
  for (const [name, folder] of packages) {
    const inside = await filesBelow(folder, `usr/lib/walt/node_modules/${name}`);
    files.push(...inside.filter(({ path }) => isShipped(path)));
  }
  return files.map((file) => ({ ...file, isProgram: file.path === 'usr/lib/walt/node' }));
}

/** Files that are the same for every processor. */
async function shared(root: string, { media, outputs, folders }: Parts): Promise<PackageFile[]> {
  const lists = [filesBelow(join(root, 'buildroot-overlay'), 'usr/share/walt/buildroot-overlay')];
  for (const folder of folders)
    lists.push(filesBelow(join(media, folder), `usr/share/walt/${folder}`));
  return [
    ...(await Promise.all(lists)).flat(),
    ...outputs.map((name) => ({
      ...{ path: `usr/share/walt/media/${name}`, from: { file: join(media, name) } },
    })),
  ];
}

function units(root: string): PackageFile[] {
  const folder = join(root, 'release/systemd');
  return [
    ...UNITS.map((name) => ({
      path: `usr/lib/systemd/system/${name}`,
      from: { file: join(folder, name) },
    })),
    { path: 'usr/lib/sysusers.d/walt.conf', from: { file: join(folder, 'walt.sysusers') } },
  ];
}

async function pages(root: string): Promise<PackageFile[]> {
  return [
    { path: `${DOCUMENTS}/README.md`, from: { file: join(root, 'docs/install.md') } },
    { path: `${DOCUMENTS}/configuration.md`, from: { file: join(root, 'docs/configuration.md') } },
    {
      path: `${DOCUMENTS}/grafana-dashboard.json`,
      from: { file: join(root, 'release/grafana-dashboard.json') },
    },
    { path: `${DOCUMENTS}/metrics.md`, from: { file: join(root, 'docs/metrics.md') } },
    ...(await filesBelow(join(root, 'docs/help'), `${DOCUMENTS}/help`)),
  ];
}

/** In the order of their names, whatever the order of the disk. What may be executed may be so in the package. */
async function filesBelow(folder: string, to: string): Promise<PackageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
  return Promise.all(
    paths.map(async (path) => {
      const file = join(folder, path);
      const isProgram = ((await stat(file)).mode & 0o100) !== 0;
      return { path: `${to}/${path}`, from: { file }, isProgram };
    }),
  );
}

async function readTexts(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
}
