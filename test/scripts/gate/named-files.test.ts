import test from 'ava';
import { goneIn } from '../../../scripts/gate/named-files.ts';

const FILES = ['agent/net/dhcp/server.ts', 'page/parts/list.tsx'];

const finds = test.macro<[string, readonly string[]]>({
  exec: (t, text, names) => {
    const found = goneIn(text, FILES);
    t.deepEqual(
      found.map(({ name, line }) => `${name} ${line}`),
      names,
    );
  },
  title: (_, text) => `goneIn() of ${text.replaceAll('\n', ' ')}`,
});

test(finds, 'As `agent/net/dhcp/server.ts` does, or dhcp/server.ts.', []);
test(finds, 'As (`parts/list.tsx`) does.', []);
test(finds, 'One.\nAs `agent/dhcp/server.ts` does.', ['agent/dhcp/server.ts 2']);
test(finds, 'See net/server.ts, net/dhcp/server.ts and lists/list.tsx', [
  ...['net/server.ts 1', 'lists/list.tsx 1'],
]);
test(finds, "import { a } from '../gone/x.ts';", []);
test(finds, 'A server.ts of any folder, or gone.ts.', []);
test(finds, 'Patterns: test/**/*.test.ts, agent/{a,b}/x.ts', []);
