import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  type Ed25519Key,
  openSshPrivateKey,
  openSshPublicKey,
} from '../../../../agent/protocol/ssh/openssh-key.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

// RFC 8032 §7.1, test 1.
const key: Ed25519Key = {
  seed: Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'),
  publicKey: Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex'),
};

test('openSshPrivateKey() writes what ssh-keygen reads, whatever the length of the comment', async (t) => {
  const file = join(await temporaryFolder(t), 'key');
  for (const comment of ['', 'a', '52:54:00:00:00:01', 'x'.repeat(40)]) {
    await writeFile(file, openSshPrivateKey(key, { comment, check: 0xfffffffe }), { mode: 0o600 });
    const { stdout } = await succeed(['ssh-keygen', '-y', '-f', file]);
    t.is(stdout.toString().trim(), openSshPublicKey(key, comment).trim());
  }
});

test('openSshPublicKey() is the type, the blob and the comment', (t) => {
  t.is(
    openSshPublicKey(key, 'pc'),
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea pc',
  );
});
