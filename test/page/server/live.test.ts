// Following events, with a stream of events in place of that of a browser.
import test from 'ava';
import { follow } from '../../../page/server/live.ts';

class Source extends EventTarget {
  static readonly CLOSED = 2;
  static last: Source | undefined;
  readyState = 1;

  constructor() {
    super();
    Source.last = this;
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }
}

test('a page asks again whenever events begin to come, the first time too', (t) => {
  Object.assign(globalThis, { EventSource: Source });
  let asked = 0;
  const end = follow({
    ...{ onEvent: () => undefined, onState: () => undefined },
    onGap: () => {
      asked += 1;
    },
  });
  for (const times of [1, 2]) {
    Source.last?.dispatchEvent(new Event('open'));
    t.is(asked, times);
  }
  end();
});
