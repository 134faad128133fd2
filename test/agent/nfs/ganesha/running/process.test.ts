import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { GaneshaProcess } from '../../../../../agent/nfs/ganesha/running/process.ts';
import { parseCidr } from '../../../../../agent/protocol/ip.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

test('GaneshaProcess.start() notes no settings where it cannot begin: a next one would take an older ganesha for a current one', async (t) => {
  const folder = join(await temporaryFolder(t), 'nfs');
  const process = new GaneshaProcess({ subnet: parseCidr('192.168.152.1/24'), folder });
  const full = () => Promise.reject(new Error('the disk is full'));
  await t.throwsAsync(process.start([], full), { message: 'the disk is full' });
  t.false((await readdir(folder)).includes('ganesha.conf'));
});
