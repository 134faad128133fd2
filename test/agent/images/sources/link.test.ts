import test from 'ava';
import { cloneName, ownImageName } from '../../../../agent/images/content/names.ts';
import { parseLink } from '../../../../agent/images/sources/link.ts';

test('parseLink() reads the location and the full name', (t) => {
  t.deepEqual(parseLink('walt:bob/web'), { name: 'bob/web:latest' });
  t.deepEqual(parseLink('server:bob/web:v2'), { name: 'bob/web:v2' });
  t.deepEqual(parseLink('hub:bob/web:v2'), { location: 'hub', name: 'bob/web:v2' });
  for (const text of [
    'web',
    'bob/web',
    'bob/web:v2',
    'hub:web',
    'hub:',
    ':bob/web',
    'hub:../x',
    '',
  ]) {
    t.throws(() => parseLink(text), { name: 'RequestError' }, text);
  }
});

test('ownImageName() takes short names and those of the user alone', (t) => {
  t.is(ownImageName('web', 'alice'), 'alice/web:latest');
  t.is(ownImageName('alice/web:v1', 'alice'), 'alice/web:v1');
  t.throws(() => ownImageName('bob/web', 'alice'), { message: /belongs to bob/ });
});

test('cloneName() follows the label, and passes over one that is no name', (t) => {
  const name = 'waltplatform/pc-x86-64-default:latest';
  const named = (label?: string) =>
    cloneName(
      { name, labels: label === undefined ? {} : { 'walt.image.preferred-name': label } },
      'al',
    );
  t.is(named('pc'), 'al/pc:latest');
  t.is(named(), 'al/pc-x86-64:latest');
  t.is(named('Not A Name'), 'al/pc-x86-64:latest');
  t.is(named('bob/pc'), 'al/pc-x86-64:latest');
  for (const label of ['default', 'default:v2', 'web-', 'web__x__', 'web.-x']) {
    t.is(named(label), 'al/pc-x86-64:latest', label);
  }
  t.is(cloneName({ name: 'x/default:latest', labels: {} }, 'al'), 'al/clone:latest');
});
