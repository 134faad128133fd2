import test from 'ava';
import { callerOf } from '../../../../agent/api/caller.ts';
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
  ...['alice/a___b', 'alice/default', 'alice/default:v1', 'Alice/web', 'alice/Web', 'web'],
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
  test(`callerOf() refuses user '${user}'`, (t) => {
    t.throws(() => callerOf({ headers: { 'x-walt-user': user } }), { instanceOf: RequestError });
  });
}

test('callerOf() gives the user that the request names', (t) => {
  t.is(callerOf({ headers: { 'x-walt-user': 'a.b-c_1' } }), 'a.b-c_1');
});
