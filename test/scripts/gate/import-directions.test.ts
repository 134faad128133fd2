import test from 'ava';
import { importCircles } from '../../../scripts/gate/import-circles.ts';
import { importFindings } from '../../../scripts/gate/import-directions.ts';
import type { ImportTable } from '../../../scripts/gate/import-rules.ts';
import { IMPORT_TABLE } from '../../../scripts/gate/import-table.ts';
import { importsOf } from '../../../scripts/gate/source-files.ts';

/** The table as it will be when all that it waits for is done. */
const aim: ImportTable = {
  rules: IMPORT_TABLE.rules.map(({ still, ...rule }) => rule),
  leaving: {},
  circles: {},
};

/** What the gate says of files, given by path and content. */
const findingsIn = (texts: Readonly<Record<string, string>>, table = aim) =>
  importFindings(
    Object.entries(texts).map(([path, text]) => ({ path, imports: importsOf(path, text) })),
    table,
  );

const refuses = test.macro<[string, string, string]>({
  exec: (t, path, line, target) => {
    const folder = path.replace(/\/x\.ts$/, '');
    t.deepEqual(findingsIn({ [path]: `// First line.\n${line}\n` }), [
      `${path}:2: ${folder} may not import ${target}`,
    ]);
  },
  title: (_, path, line) => `the gate refuses ${line} in ${path}`,
});

const layers = [
  'agent/protocol',
  'agent/boot',
  'agent/nodes',
  'agent/handlers',
  'agent/net',
  'agent/start',
];
layers.forEach((lower, index) => {
  for (const upper of layers.slice(index + 1)) {
    const line = `import { y } from '../${upper.slice('agent/'.length)}/y.ts';`;
    test(refuses, `${lower}/x.ts`, line, `${upper}/y.ts`);
  }
});

const forbidden = [
  ['agent/protocol/x.ts', "import { y } from 'node:net';", 'node:net'],
  ['agent/protocol/x.ts', "import { y } from 'node:fs/promises';", 'node:fs/promises'],
  ['agent/protocol/x.ts', "import type { Socket } from 'node:net';", 'node:net'],
  ['agent/protocol/x.ts', "import { z } from 'zod';", 'zod'],
  ['agent/protocol/x.ts', "export { y } from '../host/y.ts';", 'agent/host/y.ts'],
  ['agent/protocol/x.ts', "export * from '../host/y.ts';", 'agent/host/y.ts'],
  ['agent/protocol/x.ts', "export type Y = import('../host/y.ts').Y;", 'agent/host/y.ts'],
  ['agent/boot/x.ts', "import { setTimeout } from 'node:timers/promises';", 'node:timers/promises'],
  [
    'agent/boot/x.ts',
    "import { y } from '../host/processes/program.ts';",
    'agent/host/processes/program.ts',
  ],
  ['agent/boot/x.ts', "export const y = await import('../store/y.ts');", 'agent/store/y.ts'],
  ['agent/store/x.ts', "import { y } from '../handlers/y.ts';", 'agent/handlers/y.ts'],
  ['agent/store/x.ts', "import type { Y } from '../handlers/y.ts';", 'agent/handlers/y.ts'],
  ['agent/handlers/x.ts', "import { createSocket } from 'node:dgram';", 'node:dgram'],
  ['agent/handlers/x.ts', "import { y } from '../store/y.ts';", 'agent/store/y.ts'],
  ['agent/devices/x.ts', "import type { Kysely } from 'kysely';", 'kysely'],
  [
    'agent/images/content/x.ts',
    "import { y } from '../sources/y.ts';",
    'agent/images/sources/y.ts',
  ],
  ['agent/images/sources/x.ts', "import { y } from '../intake/y.ts';", 'agent/images/intake/y.ts'],
  [
    'agent/images/intake/x.ts',
    "import { y } from '../workshop/y.ts';",
    'agent/images/workshop/y.ts',
  ],
  ['agent/events/x.ts', "import { y } from '../devices/y.ts';", 'agent/devices/y.ts'],
  [
    'agent/journal/x.ts',
    "import { y } from '../events/reactions/y.ts';",
    'agent/events/reactions/y.ts',
  ],
  ['agent/net/x.ts', "import { y } from '../events/y.ts';", 'agent/events/y.ts'],
  ['agent/net/x.ts', "import { y } from '../devices/y.ts';", 'agent/devices/y.ts'],
  ['agent/api/x.ts', "import { y } from '../store/y.ts';", 'agent/store/y.ts'],
  ['agent/start/x.ts', "import { createServer } from 'node:http';", 'node:http'],
  ['agent/cli/x.ts', "import { y } from '../api/y.ts';", 'agent/api/y.ts'],
  ['agent/cli/x.ts', "import type { Y } from '../nodes/y.ts';", 'agent/nodes/y.ts'],
  ['agent/net/x.ts', "import { y } from '../../lab/y.ts';", 'lab/y.ts'],
  ['agent/nfs/x.ts', "import { y } from '../../scripts/y.ts';", 'scripts/y.ts'],
  ['scripts/x.ts', "import { y } from '../agent/y.ts';", 'agent/y.ts'],
  ['scripts/x.ts', "import { y } from '../lab/y.ts';", 'lab/y.ts'],
  ['lab/x.ts', "import { y } from '../test/support/y.ts';", 'test/support/y.ts'],
  ['bench/x.ts', "import { y } from '../test/support/y.ts';", 'test/support/y.ts'],
  ['test/agent/x.ts', "import { y } from '../../scripts/y.ts';", 'scripts/y.ts'],
  ['test/support/x.ts', "import { y } from '../qemu/y.ts';", 'test/qemu/y.ts'],
] as const;
for (const [path, line, target] of forbidden) test(refuses, path, line, target);

const allows = test.macro<[string, string]>({
  exec: (t, path, line) => t.deepEqual(findingsIn({ [path]: line }), []),
  title: (_, path, line) => `the gate allows ${line} in ${path}`,
});

const allowed = [
  ['agent/protocol/dhcp/x.ts', "import { y } from '../bytes.ts';"],
  ['agent/boot/x.ts', "import { y } from '../protocol/dhcp/y.ts';"],
  ['agent/handlers/x.ts', "import { y } from '../nodes/y.ts';"],
  ['agent/handlers/x.ts', "import { stat } from 'node:fs/promises';"],
  ['agent/events/x.ts', "import type { Device } from '../devices/device.ts';"],
  ['agent/cli/x.ts', "import type { Y } from '../api/types.ts';"],
  ['agent/start/x.ts', "import { y } from '../images/workshop/y.ts';"],
  ['lab/x.ts', "import { y } from '../agent/protocol/y.ts';"],
] as const;
for (const [path, line] of allowed) test(allows, path, line);

test('the gate refuses a file in a folder without a rule', (t) => {
  t.deepEqual(findingsIn({ 'agent/helpers/x.ts': '', 'agent/images/x.ts': '', 'tools/x.ts': '' }), [
    'agent/helpers/x.ts: no rule says what its folder may import',
    'agent/images/x.ts: no rule says what its folder may import',
    'tools/x.ts: no rule says what its folder may import',
  ]);
});

test('the gate refuses a circle of files, and prints it as a path', (t) => {
  const files = {
    'agent/boot/a.ts': "import { b } from './b.ts';",
    'agent/boot/b.ts': "import type { C } from './c.ts';",
    'agent/boot/c.ts': "export { a } from './a.ts';\nimport { d } from './d.ts';",
    'agent/boot/d.ts': '',
  };
  t.deepEqual(findingsIn(files), [
    'Files import each other in a circle: agent/boot/a.ts → agent/boot/b.ts → agent/boot/c.ts → agent/boot/a.ts',
  ]);
});

test('importCircles() names each group of files once, by its shortest circle', (t) => {
  const file = (path: string, ...targets: string[]) => ({
    path,
    imports: targets.map((target) => ({
      ...{ kind: 'file' as const, target, line: 1, isTypeOnly: false },
    })),
  });
  const files = [
    ...[file('a', 'b', 'c'), file('b', 'c'), file('c', 'a'), file('d', 'a', 'd')],
    ...[file('e', 'f'), file('f', 'e')],
  ];
  t.deepEqual(importCircles(files), [
    ['a', 'c', 'a'],
    ['d', 'd'],
    ['e', 'f', 'e'],
  ]);
});

test('the table of imports itself goes round in no circle', (t) => {
  const { rules } = aim;
  const folders = rules.map(({ folder, may }) => ({
    path: folder,
    imports: rules
      .filter((other) => may.some((name) => other.folder === name || below(other.folder, name)))
      .map((other) => ({
        ...{ kind: 'file' as const, target: other.folder, line: 1, isTypeOnly: false },
      })),
  }));
  t.deepEqual(importCircles(folders), []);

  function below(folder: string, name: string): boolean {
    return folder.startsWith(`${name}/`) && !rules.some((rule) => rule.folder === name);
  }
});

test('the gate lets pass what the table says is still to be done, and no more', (t) => {
  const rule = { folder: 'a', may: [], builtins: [], packages: [] };
  const table: ImportTable = {
    rules: [
      { ...rule, still: { b: 'its move' } },
      { ...rule, folder: 'b' },
    ],
    leaving: { c: 'to b' },
    circles: { 'a/x.ts': 'its move' },
  };
  const files = {
    'a/x.ts': "import '../b/x.ts';\nimport './y.ts';\nimport '../c/x.ts';",
    'a/y.ts': "import './x.ts';",
    'b/x.ts': '',
    'c/x.ts': "import '../a/x.ts';",
  };
  t.deepEqual(findingsIn(files, table), []);
  t.deepEqual(findingsIn({ 'a/x.ts': '', 'b/x.ts': '' }, table), [
    "Delete a line of the table, 'still' of a: b is not imported any more",
    "Delete a line of the table, 'leaving': c is not there any more",
    "Delete a line of the table, 'circles': a/x.ts is in no circle any more",
  ]);
});

test('importsOf() tells what is no TypeScript', (t) => {
  const error = t.throws(() => importsOf('agent/x.ts', 'import {'), { instanceOf: SyntaxError });
  t.regex(error?.message ?? '', /^Cannot read agent\/x\.ts: /);
});
