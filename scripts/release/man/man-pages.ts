// The manual pages of the packages. What the programs say of themselves is asked of them; the rest is written here.
import { $ } from '../../run.ts';
import { gzip } from '../../steps/gzip.ts';
import type { PackageFile, ReleaseFacts } from '../package.ts';
import { commandParts } from './command-parts.ts';
import { type ManPage, type ManPart, manPage } from './roff.ts';
import { usageParts } from './usage-parts.ts';

type Page = {
  readonly section: 1 | 8;
  /** as apropos(1) shows it */
  readonly summary: string;
  /** of the program's sources */
  readonly entry: string;
  readonly question: readonly string[];
  readonly parts: (answer: string) => ManPart[];
  /** headings, with rows below them */
  readonly more: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly seeAlso: string;
};

const CONFIGURATION = [
  '/etc/walt/server.yaml',
  'The configuration. walt-server --help-config explains every key.',
] as const;

const PAGES = {
  walt: {
    ...{ section: 1, entry: 'agent/cli/main.ts', question: ['--help', '--json'] },
    summary: 'work with the nodes and images of a WalT server',
    parts: (answer) => commandParts(JSON.parse(answer)),
    more: {
      Environment: [
        [
          'WALT_SOCKET',
          "Path of the server's socket, where it is not /run/walt/walt-server.sock. It wins over a login.",
        ],
        ['WALT_USER', 'Name of the person who asks; without it the name of the login.'],
      ],
      'Exit status': [
        ['0', 'What was asked is done. A list with nothing in it is no failure.'],
        ['1', 'It could not be done; one sentence says why.'],
        ['129, 130, 143', 'It was ended by SIGHUP, SIGINT (ctrl-C) or SIGTERM.'],
      ],
    },
    seeAlso:
      'walt-server(8). walt help list tells the pages on what people do with nodes and images.',
  },
  'walt-server': {
    ...{ section: 8, entry: 'agent/main.ts', question: ['--help'] },
    summary: 'boot machines over the network into images that stay on this server',
    parts: usageParts,
    more: {
      Files: [
        CONFIGURATION,
        ['/var/lib/walt', 'Database, images, keys, and the disks of virtual nodes.'],
        ['/run/walt/api.sock', 'Where walt reaches the server; group walt may use it.'],
      ],
      Signals: [
        ['SIGHUP', 'Read the configuration again; the log says what needs a restart.'],
        ['SIGUSR2', 'Hand over to the version that is installed now. Nodes do not notice.'],
        ['SIGTERM, SIGINT', 'End in good order. NFS and virtual nodes go on.'],
      ],
    },
    seeAlso:
      'walt(1), walt-server-setup(8), journalctl(1). /usr/share/doc/walt-server has the documentation.',
  },
  'walt-server-setup': {
    ...{ section: 8, entry: 'agent/setup/main.ts', question: ['--help'] },
    summary: 'choose the network of the nodes of a WalT server',
    parts: usageParts,
    more: {
      Files: [
        CONFIGURATION,
        [
          '/etc/walt/setup-undo.json',
          'What --undo puts back: files as they were before the first setup.',
        ],
      ],
    },
    seeAlso: 'walt-server(8), walt(1)',
  },
} as const satisfies Readonly<Record<string, Page>>;

/** Programs that have a page. */
export type Documented = keyof typeof PAGES;

/** The pages of these programs, packed as Debian wants them. */
export async function manPages(
  programs: readonly Documented[],
  facts: ReleaseFacts,
): Promise<PackageFile[]> {
  return Promise.all(
    programs.map(async (name) => {
      const { section, ...page } = await pageOf(name, facts);
      const text = manPage({ section, ...page });
      const path = `usr/share/man/man${section}/${name}.${section}.gz`;
      return { path, from: { bytes: gzip(Buffer.from(text)) } };
    }),
  );
}

async function pageOf(name: Documented, { root, version, date }: ReleaseFacts): Promise<ManPage> {
  const page: Page = PAGES[name];
  const { stdout } = await $({ cwd: root })`${process.execPath} ${page.entry} ${page.question}`;
  return {
    ...{ name, section: page.section, version, date },
    parts: [
      { kind: 'heading', text: 'Name' },
      { kind: 'paragraph', text: `${name} - ${page.summary}` },
      ...page.parts(stdout),
      ...Object.entries(page.more).flatMap(([heading, rows]) => section(heading, rows)),
      { kind: 'heading', text: 'See also' },
      { kind: 'paragraph', text: page.seeAlso },
    ],
  };
}

function section(heading: string, rows: readonly (readonly [string, string])[]): ManPart[] {
  return [
    { kind: 'heading', text: heading },
    ...rows.map(([term, text]): ManPart => {
      return { kind: 'row', term, parts: [{ kind: 'paragraph', text }] };
    }),
  ];
}
