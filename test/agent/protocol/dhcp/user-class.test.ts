import test from 'ava';
import { userClass } from '../../../../agent/protocol/dhcp/user-class.ts';
import { hex } from '../../../support/bytes/hex.ts';

const model = Buffer.from('walt.node.pc-x86-64').toString('hex');

const form = test.macro({
  exec(t, bytes: string, expected: { form: string; values: string[] }) {
    const decoded = userClass.decode(hex(bytes));
    t.deepEqual(decoded as typeof expected, expected);
    t.deepEqual(decoded && userClass.encode(decoded), hex(bytes));
  },
  title: (name) => `userClass reads and writes ${name}`,
});
test('a list of one', form, `13 ${model}`, { form: 'list', values: ['walt.node.pc-x86-64'] });
test('a list of two', form, '01 61 02 62 63', { form: 'list', values: ['a', 'bc'] });
test('the bare text of iPXE', form, model, { form: 'raw', values: ['walt.node.pc-x86-64'] });
test('a list cut short', form, '03 61 62', { form: 'raw', values: ['\x03ab'] });
test('an item of no bytes', form, '00 61', { form: 'raw', values: ['\x00a'] });
test('an empty option', form, '', { form: 'raw', values: [''] });
