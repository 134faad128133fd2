import test from 'ava';
import { capabilitiesList } from '../../../../../agent/images/content/node-side/capabilities-list.ts';

const VALUE = Uint8Array.of(1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const HEX = '0100000200200000000000000000000000000000';

test('capabilitiesList() is empty where no file has any', (t) => {
  t.is(capabilitiesList([]), '');
});

for (const [path, line] of [
  ['/usr/bin/ping', '/usr/bin/ping'],
  ['usr/bin/ping', '/usr/bin/ping'],
  ['/opt/a_b-1.2+c', '/opt/a_b-1.2+c'],
  ['/a b', '/a\\0040b'],
  ['/a\nb\n', '/a\\0012b\\0012'],
  ['/a\\b', '/a\\0134b'],
  ['/%d$`"\'', '/\\0045d\\0044\\0140\\0042\\0047'],
  ['/é7', '/\\0303\\02517'],
  [Buffer.from([0x2f, 0xff, 0x37]), '/\\03777'],
  [Buffer.from([0x01]), '/\\0001'],
] as const) {
  test(`capabilitiesList() writes ${JSON.stringify(path.toString())} so that a shell reads it`, (t) => {
    t.is(capabilitiesList([{ path, value: VALUE }]), `${HEX} ${line}\n`);
  });
}

test('capabilitiesList() is the same whatever the order of the files', (t) => {
  const files = ['/b', '/a', '/c'].map((path) => ({ path, value: VALUE }));
  t.is(capabilitiesList(files), `${HEX} /a\n${HEX} /b\n${HEX} /c\n`);
  t.is(capabilitiesList(files.toReversed()), capabilitiesList(files));
});
