import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { encodeUBootScript } from '../../../../agent/protocol/u-boot/script.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { hex } from '../../../support/bytes/hex.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('encodeUBootScript() writes header, lengths and text', (t) => {
  t.deepEqual(
    Buffer.from(encodeUBootScript('reset\n', 'retry')),
    Buffer.from(
      hex(`
        27051956  a7c45c08  00000000  0000000e ; magic, CRC of the header, time, size
        00000000  00000000  b226b426 ; load address, entry point, CRC of what follows
        05 02 06 00 ; Linux, ARM, script, not compressed
        7265747279 000000 0000000000000000 00000000000000000000000000000000 ; retry
        00000006 00000000 ; length of the text, end of the list
        72657365740a ; reset
      `),
    ),
  );
});

test('encodeUBootScript() writes what mkimage writes, which takes it for a script', async (t) => {
  const folder = await temporaryFolder(t);
  const text = 'echo "no image yet"\nsleep 5\nreset\n';
  await writeFile(join(folder, 'text'), text);
  const output = join(folder, 'script');
  await writeFile(output, encodeUBootScript(text, 'walt retry'));
  const listed = await runProgram(['mkimage', '-l', output]);
  t.regex(listed.said, /Image Type: +ARM Linux Script/);
  const made = await runProgram([
    ...['env', 'SOURCE_DATE_EPOCH=0', 'mkimage', '-A', 'arm', '-T', 'script', '-C', 'none'],
    ...['-n', 'walt retry', '-d', join(folder, 'text'), join(folder, 'by-mkimage')],
  ]);
  t.is(made.code, 0, made.said);
  const { stdout } = await runProgram(['cmp', output, join(folder, 'by-mkimage')]);
  t.is(stdout.toString(), '');
});
