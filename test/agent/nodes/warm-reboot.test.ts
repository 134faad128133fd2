import test from 'ava';
import { canStayWarm, type WarmFacts } from '../../../agent/nodes/warm-reboot.ts';

const FACTS: WarmFacts = {
  ...{ dhcp: 'server', state: 'booted', machine: { isOn: true }, tries: 0 },
  hasFailed: async () => false,
};

test('canStayWarm() is so where nothing speaks for the firmware', async (t) => {
  t.true(await canStayWarm({}, FACTS));
  t.true(await canStayWarm({}, { ...FACTS, machine: undefined }));
  t.true(await canStayWarm({}, { ...FACTS, machine: { isOn: true, accelerator: 'kvm' } }));
  for (const state of ['unconfirmed', 'down', undefined] as const) {
    t.true(await canStayWarm({}, { ...FACTS, state }));
  }
});

for (const [what, node, facts] of [
  ['the node is to start from its own disk', { bootsLocal: true }, {}],
  ['another DHCP server gave the address', {}, { dhcp: 'proxy' }],
  ['the node is on its way up', {}, { state: 'files' }],
  ['the node has mounted its root', {}, { state: 'mounted' }],
  ['new hardware waits for a reset', {}, { machine: { isOn: true, isOutdated: true } }],
  ['QEMU emulates the machine', {}, { machine: { isOn: true, accelerator: 'tcg' } }],
  ['healing is at work', {}, { tries: 1 }],
] as const satisfies readonly (readonly [string, object, Partial<WarmFacts>])[]) {
  test(`canStayWarm() is not so where ${what}, and the disk is not asked`, async (t) => {
    let asked = 0;
    const hasFailed = async () => {
      asked += 1;
      return false;
    };
    t.false(await canStayWarm(node, { ...FACTS, ...facts, hasFailed }));
    t.is(asked, 0);
  });
}

for (const [what, hasFailed] of [
  ['it did not come up by kexec lately', async () => true],
  ['the disk cannot be read', () => Promise.reject(new Error('disk I/O error'))],
  ['the disk does not answer', () => new Promise<never>(() => undefined)],
] as const satisfies readonly (readonly [string, WarmFacts['hasFailed']])[]) {
  test(`canStayWarm() is not so where ${what}`, async (t) => {
    t.false(await canStayWarm({}, { ...FACTS, hasFailed }));
  });
}
