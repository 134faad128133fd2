import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  EepromError,
  IMAGE_BYTES,
  LONGEST_CONTENT,
  readEepromFile,
  replaceEepromFile,
  signatureText,
} from '../../../scripts/eeprom/image.ts';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { fileName } from '../../../scripts/inputs/input.ts';
import { inputs } from '../../../scripts/inputs/sources.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NAME = 'bootconf.txt';

/** A section: magic, length, and for a file its name and four reserved bytes. */
function section(magic: number, content: Uint8Array, name?: string): Buffer {
  const head = name === undefined ? Buffer.alloc(0) : Buffer.from(name.padEnd(16, '\0'), 'latin1');
  const length = Buffer.alloc(8);
  length.writeUInt32BE(magic, 0);
  length.writeUInt32BE(head.length + content.length, 4);
  const bytes = Buffer.concat([length, head, content]);
  return Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8, 0xff)]);
}

/** Code, the settings with room up to `next`, then another file; or the settings last. */
function image({ isLast = false, room = 0x1000 } = {}): Uint8Array {
  const parts = [
    section(0x55aaf00f, Buffer.alloc(100, 0xc0)),
    section(0x55aaf11f, Buffer.from('[all]\nBOOT_UART=0\n'), NAME),
  ];
  if (!isLast) {
    parts.push(section(0x55aafeef, Buffer.alloc(room, 0xff)));
    parts.push(section(0x55aaf11f, Buffer.from('key'), 'pubkey.bin'));
  }
  const used = Buffer.concat(parts);
  return new Uint8Array(Buffer.concat([used, Buffer.alloc(IMAGE_BYTES - used.length, 0xff)]));
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const refuses = { instanceOf: EepromError };

test('readEepromFile() finds a file by its name', (t) => {
  t.is(text(readEepromFile(image(), NAME)), '[all]\nBOOT_UART=0\n');
  t.is(text(readEepromFile(image(), 'pubkey.bin')), 'key');
  t.throws(() => readEepromFile(image(), 'other.txt'), { ...refuses, message: /other\.txt/ });
});

for (const isLast of [true, false]) {
  for (const length of [0, 1, 7, 8, 18, 23, 1000, LONGEST_CONTENT]) {
    test(`replaceEepromFile() with ${length} bytes, ${isLast ? 'last' : 'between others'}: round trip`, (t) => {
      const before = image({ isLast });
      const content = Buffer.alloc(length, 'x');
      const after = replaceEepromFile(before, { name: NAME, content });
      t.deepEqual(text(readEepromFile(after, NAME)), text(content));
      if (!isLast) t.is(text(readEepromFile(after, 'pubkey.bin')), 'key');
      const back = replaceEepromFile(after, { name: NAME, content: readEepromFile(before, NAME) });
      t.true(Buffer.from(back).equals(before));
    });
  }
}

test('replaceEepromFile() writes the length, the content, 0xff and a padding section', (t) => {
  const after = Buffer.from(
    replaceEepromFile(image(), { name: NAME, content: Buffer.from('A=1') }),
  );
  const at = after.indexOf(NAME) - 8;
  t.is(after.subarray(at, at + 8).toString('hex'), '55aaf11f00000013');
  t.is(after.subarray(at + 20, at + 32).toString('hex'), '00000000413d31ffffffffff');
  const next = after.indexOf('pubkey.bin') - 8;
  t.is(after.readUInt32BE(at + 32), 0x55aafeef);
  t.is(after.readUInt32BE(at + 36), next - at - 40);
});

test('replaceEepromFile() leaves the last 4 KiB as they are, and no padding behind the last section', (t) => {
  const before = image({ isLast: true }).fill(0x11, IMAGE_BYTES - 4096);
  const after = replaceEepromFile(before, { name: NAME, content: Buffer.from('A') });
  t.true(Buffer.from(after).subarray(-4096).equals(before.subarray(-4096)));
  t.is(Buffer.from(after).indexOf('55aafeef', 0, 'hex'), -1);
});

for (const [what, room, bytes] of [
  ['more than a block', 0x2000, LONGEST_CONTENT + 1],
  ['more than there is up to the next section', 64, 100],
] as const) {
  test(`replaceEepromFile() refuses ${what}`, (t) => {
    const content = new Uint8Array(bytes);
    t.throws(() => replaceEepromFile(image({ room }), { name: NAME, content }), refuses);
  });
}

for (const size of [0, 1, 256 * 1024, IMAGE_BYTES - 1, IMAGE_BYTES + 1, 2 * 1024 * 1024]) {
  test(`an image of ${size} bytes is refused`, (t) => {
    t.throws(() => readEepromFile(new Uint8Array(size).fill(0xff), NAME), refuses);
  });
}

test('a corrupt image is refused: another magic, a length that leads outside, a file shorter than its header', (t) => {
  for (const [offset, value] of [
    [0, 0x12345678],
    [4, IMAGE_BYTES],
    [Buffer.from(image()).indexOf(NAME) - 4, 3],
  ] as const) {
    const bytes = Buffer.from(image());
    bytes.writeUInt32BE(value, offset);
    t.throws(() => readEepromFile(bytes, NAME), refuses);
    t.throws(() => replaceEepromFile(bytes, { name: NAME, content: new Uint8Array(1) }), refuses);
  }
});

test('signatureText() is hash and time, a line each', (t) => {
  t.is(signatureText('ab'.repeat(32), 1746144000), `${'ab'.repeat(32)}\nts: 1746144000\n`);
});

test('NETCONSOLE of our settings has the form of the maker, and no more than 32 characters', async (t) => {
  const settings = await readFile(join(ROOT, 'boot-artifacts/rpi/eeprom/bootconf.txt'), 'utf8');
  const [, value = ''] = /^NETCONSOLE=(.*)$/m.exec(settings) ?? [];
  t.true(value.length <= 32, value);
  // Every separator has to be there; an address of the board too. No target: everybody.
  t.regex(value, /^6665@169\.254\.\d+\.\d+\/,6666@\/$/);
  t.is(settings.match(/NETCONSOLE=/g)?.length, 1);
});

const { cache, mirror } = placesOf(process.env, ROOT);
const real = [
  join(cache, 'inputs', inputs.eeprom.sha256, fileName(inputs.eeprom)),
  ...(mirror === undefined ? [] : [join(mirror, fileName(inputs.eeprom))]),
].find((path) => existsSync(path));
const testReal = real === undefined ? test.skip : test;

testReal(
  `our settings in the vendor's image, which has to be in the cache or in WALT_MIRROR (${fileName(inputs.eeprom)})`,
  async (t) => {
    const before = new Uint8Array(await readFile(real ?? ''));
    const content = await readFile(join(ROOT, 'boot-artifacts/rpi/eeprom/bootconf.txt'));
    const after = replaceEepromFile(before, { name: NAME, content });
    t.is(text(readEepromFile(after, NAME)), content.toString());
    for (const name of ['updatetime', 'pubkey.bin', 'cacert.der', 'bootconf.sig']) {
      t.deepEqual(readEepromFile(after, name), readEepromFile(before, name));
    }
    const start = Buffer.from(before).indexOf(NAME) - 8;
    t.true(Buffer.from(after).subarray(0, start).equals(before.subarray(0, start)));
    const back = replaceEepromFile(after, { name: NAME, content: readEepromFile(before, NAME) });
    t.true(Buffer.from(back).equals(before));
  },
);
