import test from 'ava';
import { whoeverIsOnTheSocket } from '../../../../agent/api/authorisation.ts';
import { RequestError } from '../../../../agent/errors.ts';
import { fullImageName, newImageName } from '../../../../agent/images/content/image.ts';

const good = ['alice/web', 'alice/web:v2', 'a-b/c.d_e--f', 'a/b__c', 'a/b:V1.x-', 'w/pc-default'];
for (const name of good) {
  test(`newImageName() takes ${name}`, (t) => {
    t.is(newImageName(name), fullImageName(name));
  });
}

const bad = [
  ...['alice/web-', 'alice-/web', 'alice/web.', 'alice/web_:v1', 'alice/a..b', 'alice/a.-b'],
  ...[
    'alice/a___b',
    'alice/default',
    'alice/default:v1',
    'alice/boot-local:v1',
    'Alice/web',
    'alice/Web',
    'web',
  ],
];
for (const name of bad) {
  test(`newImageName() refuses ${name}`, (t) => {
    t.throws(() => newImageName(name), { instanceOf: RequestError });
  });
}

test('newImageName() says what is wrong', (t) => {
  t.throws(() => newImageName('a/default'), { message: /stands for the default image of a node/ });
  t.throws(() => newImageName('a/b-'), { message: /dots, dashes and underscores stand between/ });
});

for (const user of ['alice-', 'a..b', '-a', 'Alice', 'al ice', '']) {
  test(`whoeverIsOnTheSocket() takes '${user}' for no user`, (t) => {
    t.is(whoeverIsOnTheSocket({ headers: { 'x-walt-user': user } }).user, undefined);
  });
}

test('whoeverIsOnTheSocket() gives the user that the request names', (t) => {
  t.is(whoeverIsOnTheSocket({ headers: { 'x-walt-user': 'a.b-c_1' } }).user, 'a.b-c_1');
});

test('newImageName() takes 128 characters before the tag, and says of more that they are too many', (t) => {
  const longest = `alice/${'a'.repeat(122)}`;
  t.is(newImageName(`${longest}:v1`), `${longest}:v1`);
  t.throws(() => newImageName(`${longest}a:v1`), { message: /too long.*128 characters/ });
});
