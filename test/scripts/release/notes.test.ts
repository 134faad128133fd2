import test from 'ava';
import { releaseNotes } from '../../../scripts/release/notes.ts';

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n* New.\n\n## 0.1.0\n\n* First.\n';

test('releaseNotes() has the section of the version, and nothing of another', (t) => {
  t.is(releaseNotes(CHANGELOG, '0.1.0'), '# WalT 0.1.0\n\n* First.\n');
});

test('releaseNotes() takes what is not released yet where the version has no section', (t) => {
  t.is(releaseNotes(CHANGELOG, '0.2.0'), '# WalT 0.2.0\n\n* New.\n');
  t.throws(() => releaseNotes('# Changelog\n', '0.2.0'), { message: /has no section for it$/ });
});
