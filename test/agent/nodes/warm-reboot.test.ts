import test from 'ava';
import { canStayWarm, type WarmFacts } from '../../../agent/nodes/warm-reboot.ts';

const FACTS: WarmFacts = { dhcp: 'server', machine: { isOn: true }, tries: 0, hasFailed: false };

test('canStayWarm() is so where nothing speaks for the firmware', (t) => {
  t.true(canStayWarm({}, FACTS));
  t.true(canStayWarm({}, { ...FACTS, machine: undefined }));
  t.true(canStayWarm({}, { ...FACTS, machine: { isOn: true, accelerator: 'kvm' } }));
});

for (const [what, node, facts] of [
  ['the node is to start from its own disk', { bootsLocal: true }, {}],
  ['another DHCP server gave the address', {}, { dhcp: 'proxy' }],
  ['new hardware waits for a reset', {}, { machine: { isOn: true, isOutdated: true } }],
  ['QEMU emulates the machine', {}, { machine: { isOn: true, accelerator: 'tcg' } }],
  ['healing is at work', {}, { tries: 1 }],
  ['it did not come up by kexec lately', {}, { hasFailed: true }],
] as const satisfies readonly (readonly [string, object, Partial<WarmFacts>])[]) {
  test(`canStayWarm() is not so where ${what}`, (t) => {
    t.false(canStayWarm(node, { ...FACTS, ...facts }));
  });
}
