import test from 'ava';
import { manPage } from '../../../../scripts/release/man/roff.ts';

const page = { name: 'walt', section: 1, version: '1.0-rc', date: 0, parts: [] } as const;

test('manPage() writes what every reader of manual pages knows', (t) => {
  const meaning = { kind: 'paragraph', text: '.profile has a \\ and …' } as const;
  const parts = [
    { kind: 'heading', text: 'Options' },
    { kind: 'paragraph', text: 'All of them:' },
    { kind: 'row', term: '--all', parts: [meaning, { kind: 'row', term: '-x', parts: [] }] },
    { kind: 'lines', lines: ['walt'] },
  ] as const;
  t.is(
    manPage({ ...page, parts }),
    `.TH WALT 1 1970-01-01 "WalT 1.0\\-rc" "WalT"
.SH OPTIONS
All of them:
.TP
\\fB\\-\\-all\\fR
\\&.profile has a \\e and \\[u2026]
.RS
.TP
\\fB\\-x\\fR
.RE
.PP
.nf
\\fBwalt\\fR
.fi
`,
  );
});

test('manPage() breaks long texts between words', (t) => {
  const text = Array.from({ length: 40 }, (_none, index) => `word${index}`).join(' ');
  const [, ...lines] = manPage({ ...page, parts: [{ kind: 'paragraph', text }] }).split('\n');
  t.true(lines.every((line) => line.length < 80));
  t.is(lines.filter((line) => line !== '.PP').join(' '), `${text} `);
});
