import test from 'ava';
import { parseConfig } from '../../../agent/config/config.ts';
import { changesText, configChanges, withLiveKeys } from '../../../agent/config/live-keys.ts';

const config = (text: string) => parseConfig(text, 'walt.yaml');
const before = config('');

test('configChanges() tells what a running server takes over from what waits', (t) => {
  const after = config(
    'log: {keepDays: 7, debug: true}\npower: {command: /usr/bin/outlet}\nstate: /x',
  );
  t.deepEqual(configChanges(before, after), {
    taken: ['log.keepDays', 'power.command'],
    waiting: ['log.debug', 'state'],
  });
  t.is(
    changesText(configChanges(before, after)),
    'configuration read again: taken over: log.keepDays, power.command; restart walt-server for log.debug, state',
  );
});

test('configChanges() sees a change within a list, and a key that is gone', (t) => {
  const after = config('images: {registries: [{name: hub, address: docker.io}]}');
  t.deepEqual(configChanges(before, after).waiting, ['images.registries']);
  const withProgram = config('power: {command: /usr/bin/outlet}');
  t.deepEqual(configChanges(withProgram, before).taken, ['power.command']);
});

test('changesText() says that nothing changed', (t) => {
  t.is(
    changesText(configChanges(before, config('log: {}'))),
    'configuration read again: nothing changed',
  );
});

test('withLiveKeys() changes just what configChanges() says is taken over', (t) => {
  const after = config(
    'log: {keepDays: 7, debug: true}\nimages: {unusedDays: 3, maxFiles: 5}\npower: {command: /x, commandSeconds: 4}\nstate: /x',
  );
  const live = withLiveKeys(before, after);
  const { taken, waiting } = configChanges(before, after);
  t.deepEqual(configChanges(before, live), { taken, waiting: [] });
  t.deepEqual(configChanges(live, after), { taken: [], waiting });
});
