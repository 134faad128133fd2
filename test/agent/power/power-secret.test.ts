import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { powerSecretOf, purposeOf } from '../../../agent/power/power-secret.ts';
import { Secrets } from '../../../agent/secrets/secrets.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const given = { user: 'root', password: 'a secret word', privacy: '' };

const nodeWith = (driver: string, argument: string) =>
  nodeNamed('pc-1', {
    ip: '192.168.152.2',
    settings: { 'power.driver': driver, 'power.argument': argument },
  });

test('powerSecretOf() tells nothing to what the credentials were not given for', async (t) => {
  const folder = await temporaryFolder(t);
  const secrets = new Secrets(folder);
  const node = nodeWith('ipmi', '10.0.0.5');
  t.is(await powerSecretOf(node, secrets), undefined);
  await secrets.set(node.mac, { ...given, purpose: purposeOf(node) });
  t.like(await powerSecretOf(node, secrets), given);
  const others = [
    nodeWith('ipmi', '10.0.0.6'),
    nodeWith('http', 'http://10.0.0.6/on http://10.0.0.6/off'),
    nodeWith('redfish', '10.0.0.5'),
  ];
  for (const other of others) {
    const thrown = await t.throwsAsync(powerSecretOf(other, secrets), {
      instanceOf: WaltError,
      message: /given for another power\.driver or power\.argument.*walt device credentials pc-1$/,
    });
    t.false(thrown?.message.includes('secret word'));
  }
  // Files that do not say what for.
  await writeFile(join(folder, `${node.mac}.json`), JSON.stringify(given));
  await t.throwsAsync(powerSecretOf(node, secrets), { message: /given for another/ });
});
