// `walt help show` on a terminal.
import test from 'ava';
import { helpPage, helpTopics } from '../../../../agent/cli/help/help-pages.ts';
import { renderedPage } from '../../../../agent/cli/help/rendered-page.ts';
import { pageShower } from '../../../../agent/cli/terminal/pages.ts';
import { shownLine } from '../../../../agent/cli/terminal/styled-text.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { WALT } from '../../../../lab/programs/walt-programs.ts';
import { runOnTerminal } from '../../../support/process/terminal.ts';

const PAGE = `# A title

Some \`code\` and **strong** words, and *others*
in a second line, with a [link](other.md).

* one that is too long for forty columns of a terminal
  * within
* two

3. three
4. four

## Below

    walt node show   stays   as it is
    second

| stage | what the server has seen |
|---|---|
| dhcp | the boot \`loader\` asks for an address |
`;

const SHOWN = `A title

Some code and strong words, and others
in a second line, with a link
(other.md).

• one that is too long for forty columns
  of a terminal
  • within
• two

3. three
4. four

Below

    walt node show   stays   as it is
    second

stage  what the server has seen
-----  ---------------------------------
dhcp   the boot loader asks for an
       address`;

test('renderedPage() fits a terminal of 40 columns', (t) => {
  const lines = renderedPage(PAGE, 40);
  t.is(lines.map((line) => shownLine(line, false)).join('\n'), SHOWN);
  const styled = lines.map((line) => shownLine(line, true));
  t.is(styled[0], '\u001b[4mA title\u001b[24m');
  t.true(styled[2]?.startsWith('Some \u001b[1mcode\u001b[22m and \u001b[1mstrong\u001b[22m words'));
  t.is(styled[14], '\u001b[1mBelow\u001b[22m');
});

for (const columns of [40, 80, 200]) {
  test(`renderedPage() loses no word of any page at ${columns} columns, and only code is wider`, (t) => {
    for (const topic of helpTopics()) {
      const page = helpPage(topic) ?? '';
      const lines = renderedPage(page, columns).map((line) => shownLine(line, false));
      const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
      // Words in tables may be broken.
      const said = words(lines.join('')).join('');
      for (const line of page.split('\n').filter((one) => !one.startsWith('|'))) {
        for (const word of words(line.replaceAll(/\]\([^)]*\)/g, ''))) {
          t.true(said.includes(word), `${topic}: ${word}`);
        }
      }
      for (const line of lines.filter((one) => !one.includes('    '))) {
        t.true(line.length <= columns || !line.trim().includes(' '), `${topic}: ${line}`);
      }
    }
  });
}

test('pageShower() writes what fits, and asks no pager', async (t) => {
  const written: string[] = [];
  const screen = { isTTY: true, rows: 10, write: (text: string) => written.push(text) };
  const line = [{ text: 'x', style: 'bold' as const }];
  await pageShower(screen, { TERM: 'xterm', PAGER: 'exit 1' })([line]);
  await pageShower(screen, { TERM: 'xterm', NO_COLOR: '1' })([line]);
  await pageShower(screen, { TERM: 'dumb' })(Array.from({ length: 50 }, () => line));
  await pageShower(screen, { TERM: 'xterm', PAGER: 'no-such-pager 2>/dev/null' })(
    Array.from({ length: 10 }, () => line),
  );
  await pageShower(screen, { TERM: 'xterm', PAGER: '' })([line]);
  const bold = '\u001b[1mx\u001b[22m\n';
  t.deepEqual(written, [bold, 'x\n', 'x\n'.repeat(50), bold.repeat(10), bold]);
});

test('walt help show goes to the pager on a terminal, with styles, and ends with it', async (t) => {
  const { code, out } = await runOnTerminal(
    `stty rows 12 cols 60; exec ${process.execPath} ${WALT} help show logs`,
    { lines: [] as string[], env: { PAGER: 'head -n 3; exit 3', TERM: 'xterm', NO_COLOR: '' } },
  );
  t.is(code, 0, out);
  t.true(out.includes('\u001b[4mReading the log\u001b[24m'), JSON.stringify(out));
  t.false(out.includes('maxMegabytes'));
});

test('walt help show gives scripts the page as it is', async (t) => {
  const { stdout } = await runProgram([process.execPath, WALT, 'help', 'show', 'logs']);
  t.is(String(stdout).trimEnd(), (helpPage('logs') ?? '').trimEnd());
});
