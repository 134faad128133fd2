// What is said to whom of a path where nothing is.
import test from 'ava';
import { onNothingThere } from '../../../../agent/handlers/files/on-nothing-there.ts';

/** As they name themselves. */
const LOADERS = ['iPXE/1.21.1', 'GRUB 2.12', 'UefiHttpBoot/1.0', 'U-Boot', ''];
const PROGRAMS = ['curl/7.88.1', 'Wget/1.21.3', 'Wget', 'Mozilla/5.0 (X11; Linux x86_64)'];

function textOf(path: string, agent: string): string | undefined {
  const outcome = onNothingThere(path, agent);
  if (outcome === undefined) return undefined;
  const { found, isMedium, events } = outcome;
  if (found.kind !== 'bytes') return found.kind;
  return JSON.stringify([found.status, found.type, isMedium, events, `${found.bytes}`]);
}

test('onNothingThere() tells people which path it was, and what there is', (t) => {
  for (const agent of PROGRAMS) {
    const text = textOf('/medi', agent) ?? '';
    t.regex(
      text,
      /^\[404,"text\/plain; charset=utf-8",true,\[\],"There is no \/medi here\./,
      agent,
    );
    t.regex(text, /\/media\/.*\/doc\//, agent);
  }
});

test('onNothingThere() gives boot loaders nothing to run', (t) => {
  for (const agent of LOADERS) t.is(textOf('/medi', agent), undefined, agent);
  // Systems of nodes fetch by wget, too.
  for (const path of ['/boot/start.ipxe', '/pxe/grub.cfg']) {
    for (const agent of PROGRAMS) t.is(textOf(path, agent), undefined, `${path} ${agent}`);
  }
});

test('onNothingThere() says a path back in one line, and not all of a long one', (t) => {
  const text = textOf(`/a\nb\u001b[2J${'x'.repeat(10_000)}`, 'curl/8') ?? '';
  t.true(text.length < 500);
  t.regex(text, /There is no \/a\\\\nb\\\\u001b\[2Jx+ here\.\\n/);
});
