import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import {
  kernelArchitecture,
  kernelMismatch,
} from '../../../../../agent/images/content/check/kernel-architecture.ts';
import { tinyKernel } from '../../../../support/images/tiny-kernel.ts';
import { filesOf } from '../../../../support/images/tree-of.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

/** A header with these fields, and nothing else. */
function header(fields: readonly (readonly [at: number, bytes: readonly number[]])[]): Buffer {
  const bytes = Buffer.alloc(0x240);
  for (const [at, field] of fields) bytes.set(field, at);
  return bytes;
}

const HDRS = [0x202, [...Buffer.from('HdrS'), 0x0f, 0x02]] as const;

const kernels = {
  amd64: header([HDRS, [0x236, [0x3f, 0]]]),
  386: header([HDRS, [0x236, [0x00, 0]]]),
  arm: header([[0x24, [0x18, 0x28, 0x6f, 0x01]]]),
  arm64: Buffer.concat([tinyKernel('x'), Buffer.alloc(0x240)]),
} as const;

for (const [architecture, bytes] of Object.entries(kernels)) {
  test(`kernelArchitecture() knows a kernel for ${architecture}`, (t) => {
    t.is(kernelArchitecture(bytes), architecture);
    for (const length of [0, 60, 0x23f]) {
      t.is(kernelArchitecture(bytes.subarray(0, length)), undefined, `${length} bytes`);
    }
  });
}

test('kernelArchitecture() says nothing of what is no kernel, or too old to tell', (t) => {
  t.is(kernelArchitecture(Buffer.from('<html>'.repeat(200))), undefined);
  t.is(kernelArchitecture(header([[0x202, [...Buffer.from('HdrS'), 0x00, 0x02]]])), undefined);
});

const images = [
  ['arm64', 'arm64', true],
  ['arm64', 'arm', true],
  ['amd64', '386', true],
  ['arm64', 'amd64', false],
  ['amd64', 'arm64', false],
  ['386', 'amd64', false],
  ['arm', 'arm64', false],
  // Nobody here knows what runs that.
  ['arm64', 'riscv64', true],
] as const;

test('kernelMismatch() looks into a kernel that gzip packed, as booti does', async (t) => {
  const root = await temporaryFolder(t);
  await mkdir(join(root, 'boot/foo'), { recursive: true });
  const image = { model: 'foo', architecture: 'amd64' };
  const whole = Buffer.concat([kernels.arm64, Buffer.alloc(70_000), randomBytes(100_000)]);
  for (const packed of [gzipSync(whole), gzipSync(kernels.arm64)]) {
    await writeFile(join(root, 'boot/foo/kernel'), packed);
    const [said] = await kernelMismatch(await filesOf(root), image);
    t.true(said?.startsWith('/boot/foo/kernel is for arm64'), said);
  }
  await writeFile(
    join(root, 'boot/foo/kernel'),
    Buffer.from([0x1f, 0x8b, ...Buffer.alloc(5000, 7)]),
  );
  t.deepEqual(await kernelMismatch(await filesOf(root), image), []);
});

for (const [kernel, architecture, fits] of images) {
  test(`kernelMismatch() ${fits ? 'allows' : 'names'} programs for ${architecture} with a kernel for ${kernel}`, async (t) => {
    const root = await temporaryFolder(t);
    await mkdir(join(root, 'boot/foo'), { recursive: true });
    await writeFile(join(root, 'boot/foo/kernel'), kernels[kernel]);
    const said = await kernelMismatch(await filesOf(root), { model: 'foo', architecture });
    t.is(said.length, fits ? 0 : 1);
    if (!fits) t.true(said[0]?.startsWith(`/boot/foo/kernel is for ${kernel}`), said[0]);
  });
}

test('kernelMismatch() says nothing where there is no kernel of that name', async (t) => {
  const image = { model: 'foo', architecture: 'amd64' };
  t.deepEqual(await kernelMismatch(await filesOf(await temporaryFolder(t)), image), []);
});
