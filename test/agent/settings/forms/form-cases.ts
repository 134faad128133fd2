// Macros for tests of forms: what a text is read as, and what is said of one that is not read.
import test, { type ExecutionContext } from 'ava';
import type { Form } from '../../../../agent/settings/setting.ts';

type Cases<Expected> = readonly (readonly [text: string, expected: Expected])[];

/** Each text with the value that it is read as. */
export const reads = test.macro(
  (t: ExecutionContext, form: Form<unknown>, cases: Cases<unknown>) => {
    for (const [text, value] of cases) t.deepEqual(form.read(text), { kind: 'value', value }, text);
  },
);

/** Each text with what the complaint about it has to say. */
export const refuses = test.macro(
  (t: ExecutionContext, form: Form<unknown>, cases: Cases<RegExp>) => {
    for (const [text, pattern] of cases) {
      const reading = form.read(text);
      t.regex(reading.kind === 'complaint' ? reading.complaint : 'it was read', pattern, text);
    }
  },
);
