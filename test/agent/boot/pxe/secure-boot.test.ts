import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type KernelSignature, secureBootVerdict } from '../../../../agent/boot/pxe/secure-boot.ts';
import { readKernelSignature } from '../../../../agent/images/content/files/kernel-signature.ts';
import { peHead } from '../../../support/bytes/pe-head.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const signed = (...issuers: string[]): KernelSignature => ({ kind: 'signed', issuers });

for (const [what, signature, starts, text] of [
  ["Debian's", signed('Debian Secure Boot CA'), 'yes', /signed \(Debian Secure Boot CA\)/],
  ["Microsoft's", signed('Someone', 'Microsoft UEFI CA 2023'), 'yes', /Microsoft UEFI CA 2023/],
  ["somebody's", signed('Our Lab'), 'perhaps', /signed by Our Lab.*only where/],
  ['unreadable', signed(), 'perhaps', /nobody who is named/],
  ['no', { kind: 'unsigned' }, 'no', /not signed/],
  ["a foreign program's", { kind: 'foreign' }, 'no', /no EFI program/],
] as const) {
  test(`secureBootVerdict() for ${what} signature: ${starts}`, (t) => {
    const verdict = secureBootVerdict(signature);
    t.is(verdict.starts, starts);
    t.regex(verdict.text, text);
  });
}

test('readKernelSignature() tells signed, unsigned and foreign files apart', async (t) => {
  const folder = await temporaryFolder(t);
  const certificates = await readFile(
    join(import.meta.dirname, '../../../fixtures/pe/debian-grub.certificates'),
  );
  const write = async (name: string, ...parts: Uint8Array[]) => {
    await writeFile(join(folder, name), Buffer.concat(parts));
    return join(folder, name);
  };
  const table = { offset: 512, size: certificates.length };
  const kernel = await write('signed', peHead({ table }), certificates);
  t.deepEqual(await readKernelSignature(kernel), signed('Debian Secure Boot CA'));
  t.deepEqual(await readKernelSignature(await write('unsigned', peHead())), { kind: 'unsigned' });
  t.deepEqual(await readKernelSignature(await write('text', Buffer.from('#!/bin/sh'))), {
    kind: 'foreign',
  });
  const cut = await write('cut', peHead({ table: { offset: 512, size: 0xffffffff } }));
  t.deepEqual(await readKernelSignature(cut), signed());
});
