import test from 'ava';
import { sourceLines } from '../../../../scripts/images/debian/debian-mirror.ts';

test("sourceLines() takes the suite from the host's mirror, whatever suite the host has", (t) => {
  const targets = `http://mirror.test/debian/ Debian
http://mirror.test/debian/ Debian
http://mirror.test/debian-security/ Debian-Security
http://elsewhere.test/tools/ Tools
`;
  t.deepEqual(sourceLines(targets, 'bookworm'), [
    'deb http://mirror.test/debian/ bookworm main',
    'deb http://mirror.test/debian/ bookworm-updates main',
    'deb http://mirror.test/debian-security/ bookworm-security main',
  ]);
});

test('sourceLines() leaves out security updates that the host knows no mirror of', (t) => {
  t.is(sourceLines('http://mirror.test/debian/ Debian\n', 'bookworm').length, 2);
});

test('sourceLines() says nothing where the host is no Debian', (t) => {
  t.deepEqual(sourceLines('http://mirror.test/ubuntu/ Ubuntu\n', 'bookworm'), []);
  t.deepEqual(sourceLines('', 'bookworm'), []);
});
