import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { credentialsFor } from '../../../../../agent/images/sources/registry/credentials.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const AUTH = { auth: 'bGFiOnNlc2FtZQ==' };
const OTHER = { auth: 'b3RoZXI6eA==' };

const cases: readonly (readonly [
  title: string,
  file: string,
  address: string,
  expected: string | undefined,
])[] = [
  ['a line', 'lab:sesame\n', 'lab.example:5000', AUTH.auth],
  ['a line, for a mirror', 'lab:sesame\n', 'mirror.example', AUTH.auth],
  ['a line, for another host', 'lab:sesame\n', 'other.example', undefined],
  [
    'a host',
    JSON.stringify({ auths: { 'lab.example:5000': AUTH } }),
    'lab.example:5000',
    AUTH.auth,
  ],
  [
    'another port',
    JSON.stringify({ auths: { 'lab.example': AUTH } }),
    'lab.example:5000',
    undefined,
  ],
  [
    'the longest path',
    JSON.stringify({ auths: { 'lab.example': OTHER, 'lab.example/team': AUTH } }),
    'lab.example/team/images',
    AUTH.auth,
  ],
  [
    'the old form of the hub',
    JSON.stringify({ auths: { 'https://index.docker.io/v1/': AUTH } }),
    'docker.io',
    AUTH.auth,
  ],
  [
    'an entry without a login',
    JSON.stringify({ auths: { 'lab.example': {} } }),
    'lab.example',
    undefined,
  ],
  ['no entries', '{}', 'lab.example', undefined],
];

for (const [title, text, address, expected] of cases) {
  test(`credentialsFor() finds ${title}`, async (t) => {
    const credentials = join(await temporaryFolder(t), 'credentials');
    await writeFile(credentials, text);
    const registry = {
      ...{ name: 'lab', address: 'lab.example:5000', http: false, credentials },
      mirrors: ['mirror.example'],
    };
    t.is(await credentialsFor(address, registry), expected);
  });
}

test('credentialsFor() shows nothing of a file that it cannot read', async (t) => {
  const credentials = join(await temporaryFolder(t), 'credentials');
  const registry = { name: 'lab', address: 'lab', http: false, mirrors: [], credentials };
  for (const text of ['{ "auths": { "lab": { "auth": "c2VzYW1l', 'sesame']) {
    await writeFile(credentials, text);
    const error = await t.throwsAsync(credentialsFor('lab', registry), { name: 'ConfigError' });
    t.notRegex(error?.message ?? '', /c2VzYW1l|sesame/);
  }
});
