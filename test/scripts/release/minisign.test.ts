import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { minisignature, publicKeyFile, readSigningKey } from '../../../scripts/release/minisign.ts';
import { $ } from '../../../scripts/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function throwAwayKey() {
  const { privateKey } = generateKeyPairSync('ed25519');
  return readSigningKey(String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
}

test('minisignature() is one that minisign verifies, and of this content and comment alone', async (t) => {
  const folder = await temporaryFolder(t);
  const key = throwAwayKey();
  const signature = minisignature(Buffer.from('sums\n'), key, 'walt 1.2.3');
  const verify = async (content: string, text: string, owner = key) => {
    await writeFile(join(folder, 'walt.pub'), publicKeyFile(owner));
    await writeFile(join(folder, 'sums'), content);
    await writeFile(join(folder, 'sums.minisig'), text);
    return $({ cwd: folder, nothrow: true })`minisign -V -p walt.pub -m sums`;
  };
  const good = await verify('sums\n', signature);
  t.is(good.exitCode, 0, good.stderr);
  t.regex(good.stdout, /Trusted comment: walt 1\.2\.3/);
  t.not((await verify('sums!\n', signature)).exitCode, 0);
  t.not((await verify('sums\n', signature.replace('1.2.3', '1.2.4'))).exitCode, 0);
  t.not((await verify('sums\n', signature, throwAwayKey())).exitCode, 0);
});

test('readSigningKey() takes no key of another kind', (t) => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  t.throws(() => readSigningKey(pem), { instanceOf: TypeError, message: /expected ed25519$/ });
});
