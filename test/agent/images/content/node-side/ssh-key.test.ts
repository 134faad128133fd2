import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { serverKey } from '../../../../../agent/images/content/node-side/ssh-key.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

test('serverKey() has its public half too where a killed server left the private one alone', async (t) => {
  const state = await temporaryFolder(t);
  const { publicKey } = await serverKey(state);
  await rm(join(state, 'ssh/id_ed25519.pub'));
  t.is((await serverKey(state)).publicKey, publicKey);
});
