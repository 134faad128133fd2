import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findCertificateTable } from '../../../../agent/protocol/pe/certificate-table.ts';
import { readSigners } from '../../../../agent/protocol/pe/signers.ts';
import { randomNumbers } from '../../../../lab/random-numbers.ts';
import { mutate } from '../../../support/bytes/mutate.ts';
import { peHead } from '../../../support/bytes/pe-head.ts';

const fixture = (name: string) => readFile(join(import.meta.dirname, '../../../fixtures/pe', name));

for (const [what, optionalMagic] of [
  ['64-bit', 0x20b],
  ['32-bit', 0x10b],
] as const) {
  test(`findCertificateTable() finds the table of a ${what} program`, (t) => {
    const head = peHead({ optionalMagic, table: { offset: 8_245_760, size: 1472 } });
    t.deepEqual(findCertificateTable(head), { offset: 8_245_760, size: 1472 });
    t.like(findCertificateTable(peHead({ optionalMagic })), { size: 0 });
  });
}

test('findCertificateTable() reads every cut-off head, and what is no EFI program, as none', (t) => {
  const head = peHead({ optionalMagic: 0x20b, table: { offset: 512, size: 8 } });
  const whole = head.findLastIndex((byte) => byte !== 0) + 1;
  for (let length = 0; length < whole - 8; length += 1) {
    t.is(findCertificateTable(head.subarray(0, length)), undefined, `${length} bytes`);
  }
  t.is(findCertificateTable(new TextEncoder().encode(`\x7fELF${'x'.repeat(100)}`)), undefined);
});

test('readSigners() names who vouches for each signature', async (t) => {
  t.deepEqual(readSigners(await fixture('debian-grub.certificates')), ['Debian Secure Boot CA']);
  t.deepEqual(readSigners(await fixture('debian-shim.certificates')), [
    'Microsoft Corporation UEFI CA 2011',
    'Microsoft UEFI CA 2023',
  ]);
});

test('readSigners() survives every truncation and 5000 damaged tables', async (t) => {
  const table = await fixture('debian-grub.certificates');
  for (let length = 0; length < table.length; length += 1) {
    t.true(readSigners(table.subarray(0, length)).length <= 1);
  }
  const random = randomNumbers(20_261_122);
  for (let round = 0; round < 5000; round += 1) {
    t.true(Array.isArray(readSigners(mutate(table, random))));
  }
});
