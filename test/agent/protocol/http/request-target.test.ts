import test from 'ava';
import { pathOfTarget } from '../../../../agent/protocol/http/request-target.ts';

for (const [target, path] of [
  ['/', '/'],
  ['/boot/x', '/boot/x'],
  ['/boot/x?a=b/c', '/boot/x'],
  ['/boot/x#part', '/boot/x'],
  ['//boot//x', '/boot//x'],
  ['/boot/a%20b%2fc', '/boot/a b/c'],
  ['/boot/%C3%A9', '/boot/é'],
  ['/http://host/x', '/http://host/x'],
  ['http://host/boot/x', '/boot/x'],
  ['HTTPS://user@host:8080/boot/x?y', '/boot/x'],
  ['http://[::1]:80/x', '/x'],
  ['http://host', '/'],
  ['http://host?x', '/'],
  ['http:///x', undefined],
  ['ftp://host/x', undefined],
  ['host:80', undefined],
  ['boot/x', undefined],
  ['*', undefined],
  ['', undefined],
  ['?x', undefined],
  ['/%', undefined],
  ['/%e9', undefined],
  ['/x%00y', undefined],
] as const) {
  test(`pathOfTarget() makes ${path ?? 'nothing'} of ${target === '' ? 'no target' : target}`, (t) => {
    t.is(pathOfTarget(target), path);
  });
}
