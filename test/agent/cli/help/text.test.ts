// Tables, times, words: what the command prints, without a server.
import test from 'ava';
import { CommandError } from '../../../../agent/cli/command-line/command-error.ts';
import { DEFAULT_FORMAT, logFormat } from '../../../../agent/cli/log/log-format.ts';
import { nodesText } from '../../../../agent/cli/names/node-names.ts';
import { userName } from '../../../../agent/cli/names/user-name.ts';
import { NoServerError } from '../../../../agent/cli/no-server-error.ts';
import { liveLine } from '../../../../agent/cli/terminal/live-line.ts';
import { bootedText, stateText } from '../../../../agent/cli/texts/node-state.ts';
import { stageTable } from '../../../../agent/cli/texts/stage-table.ts';
import { table } from '../../../../agent/cli/texts/table.ts';
import { dateAndTime, timeOfDay } from '../../../../agent/cli/texts/time.ts';

test('table() has a header, dashes, two spaces between columns and no spaces at the end', (t) => {
  const text = table(
    ['name', 'ip'],
    [
      ['node-f26782', '192.168.152.14'],
      ['a', ''],
    ],
  );
  t.is(
    text,
    [
      'name         ip',
      '-----------  --------------',
      'node-f26782  192.168.152.14',
      'a            -',
    ].join('\n'),
  );
});

test('table() without rows shows its header', (t) => {
  t.is(table(['a', 'bc'], []), 'a  bc\n-  --');
});

test('table() breaks long cells so that it fits the terminal, and loses nothing', (t) => {
  const image = `walt:${'long-owner'.repeat(5)}/a-name:tag`;
  const rows = [
    ['node-f26782', image, 'yes'],
    ['b', 'c', 'NO'],
  ];
  const lines = table(['name', 'image', 'booted'], rows, 40).split('\n');
  t.true(Math.max(...lines.map(({ length }) => length)) <= 40, lines.join('\n'));
  const column = lines.slice(2, -1).map((line) => line.slice(13, 32).trim());
  t.is(column.join(''), image);
  t.regex(lines.at(-1) ?? '', /^b +c +NO$/);
  t.is(
    table(['name', 'image', 'booted'], rows).split('\n').length,
    4,
    'for scripts a row is a line',
  );
});

/** 2026-11-22, in the time zone of whoever runs the test. */
const AT = new Date(2026, 10, 22, 10, 45, 49, 188).getTime() * 1000 + 989;

test('timeOfDay() has microseconds', (t) => {
  t.is(timeOfDay(AT), '10:45:49.188989');
  t.is(timeOfDay(new Date(2026, 0, 2, 3, 4, 5, 0).getTime() * 1000 + 7), '03:04:05.000007');
});

test('dateAndTime() is local', (t) => {
  t.is(dateAndTime(AT), '2026-11-22 10:45:49');
});

test('logFormat() has the form that scripts match', (t) => {
  const log = {
    id: 1,
    at: AT,
    issuer: 'walt-server',
    stream: 'platform.devices',
    line: 'new node name=node-f26782 model=rpi-3-b-plus mac=b8:27:eb:f2:67:82 ip=192.168.152.14',
  };
  t.is(
    logFormat(DEFAULT_FORMAT)(log),
    '10:45:49.188989 walt-server.platform.devices -> new node name=node-f26782 model=rpi-3-b-plus mac=b8:27:eb:f2:67:82 ip=192.168.152.14',
  );
});

test('nodesText() names up to five nodes', (t) => {
  t.is(nodesText(['a']), 'Node a');
  t.is(nodesText(['a', 'b']), 'Nodes a and b');
  t.is(nodesText(['a', 'b', 'c']), 'Nodes a, b and c');
  t.is(nodesText(['a', 'b', 'c', 'd', 'e', 'f']), '6 nodes');
});

test('stageTable() shows times since the first stage, and all it knows of an unknown stage', (t) => {
  const file = { path: 'kernel', via: 'http', bytes: 7, ms: 12.4, retries: 0, outcome: 'complete' };
  const lines = stageTable([
    { at: 5_000_000, stage: 'dhcp', message: 'discover', speaker: 'walt-loader' },
    { at: 5_012_345, stage: 'file', ...file },
    { at: 65_000_000, stage: 'odd', size: 3 },
  ]).split('\n');
  t.deepEqual(lines, [
    'time       stage  detail',
    '---------  -----  -----------------------------------------------------',
    '+0.000 s   dhcp   discover from walt-loader',
    '+0.012 s   file   kernel by http, 7 bytes in 12 ms, retries 0, complete',
    '+60.000 s  odd    size=3',
  ]);
});

test('NoServerError tells a forbidden socket from one where nobody answers', (t) => {
  const forbidden = new NoServerError('/run/x', Object.assign(new Error(), { code: 'EACCES' }));
  t.regex(
    forbidden.message,
    /^Network connection to WalT server failed!\nYou may not use its socket \/run\/x: .* Only root may: /,
  );
  const absent = new NoServerError('/run/x', Object.assign(new Error(), { code: 'ENOENT' }));
  t.regex(absent.message, /\/run\/x: nothing answers there\. Is walt-server running/);
  const code = Object.assign(new Error(), { code: 'ENOENT' });
  const platform = new NoServerError('/run/x', code, 'npm start');
  t.regex(platform.message, /nothing answers there\. This starts it: npm start$/);
});

for (const [place, isTTY, expected] of [
  ['on a terminal', true, '\r\x1b[Kone\r\x1b[Ktwo\r\x1b[K'],
  ['elsewhere', false, 'one\ntwo\n'],
] as const) {
  test(`liveLine() ${place} writes ${JSON.stringify(expected)}`, (t) => {
    let written = '';
    const line = liveLine({
      isTTY,
      write: (text) => {
        written += text;
      },
    });
    line.show('one');
    line.show('two');
    line.clear();
    t.is(written, expected);
  });
}

test('liveLine() shows no more than one line of the terminal', (t) => {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  liveLine({ isTTY: true, columns: 10, write }).show('0123456789abc');
  t.is(written, '\r\x1b[K012345678');
});

for (const [account, expected] of [
  ['alice', 'alice'],
  ['DOM\\Alice', 'dom-alice'],
  ["O'Neil.", 'o-neil'],
  ['a._b', 'a-b'],
] as const) {
  test(`userName() makes '${expected}' of the account '${account}'`, (t) => {
    t.is(
      userName(undefined, () => account),
      expected,
    );
  });
}

for (const chosen of ['DOM\\Alice', 'Alice', 'a b', '-', 'a/b', '.a']) {
  test(`userName() refuses WALT_USER='${chosen}'`, (t) => {
    t.throws(() => userName(chosen, () => 'alice'), {
      instanceOf: CommandError,
      message: /WALT_USER=/,
    });
  });
}

test('bootedText() and stateText() tell an unconfirmed node from one that is down', (t) => {
  t.is(bootedText({ booted: true, state: 'booted', bootsLocal: false }), 'yes');
  t.is(bootedText({ booted: false, state: 'down', bootsLocal: false }), 'NO');
  t.is(bootedText({ booted: false, state: 'local', bootsLocal: true }), 'local');
  t.is(bootedText({ booted: true, state: 'booted', bootsLocal: true }), 'yes');
  t.is(bootedText({ booted: false, state: 'unconfirmed', bootsLocal: false }), '?');
  t.regex(stateText({ state: 'unconfirmed' }), /^unconfirmed \(it was booted before/);
  t.regex(stateText({ state: 'stalled' }), /^stalled \(its boot loader/);
});

test('userName() asks for the account only where no name was chosen, which may have no name', (t) => {
  const nameless = () => {
    throw new Error('ENOENT');
  };
  t.is(userName('alice', nameless), 'alice');
  t.throws(() => userName(undefined, nameless), { instanceOf: CommandError, message: /WALT_USER/ });
});
