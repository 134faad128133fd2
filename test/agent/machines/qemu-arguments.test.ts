import test from 'ava';
import {
  type Machine,
  qemuArguments,
  qemuProgram,
} from '../../../agent/machines/qemu-arguments.ts';

const connections = { tap: 't-pc', vars: '/a,b/vars', qmp: '/a,b/qmp', serialLog: '/a,b/log' };
const pc: Machine = { name: 'pc', mac: '52:54:00:00:00:01', firmware: 'bios' };

test('qemuArguments() writes a comma twice wherever QEMU would end a value at it', (t) => {
  const machine = { ...pc, name: 'a,b', usbDisk: '/a,b/stick', firmware: 'uefi-x64' } as const;
  const words = qemuArguments(machine, connections);
  t.deepEqual(
    words.filter((word) => /a,b/.test(word)),
    [],
  );
  t.is(words.filter((word) => /a,,b/.test(word)).length, 5);
});

for (const [what, machine, device] of [
  [
    'BIOS boots from the stick: no ROM',
    pc,
    'e1000,id=card0,netdev=net0,mac=52:54:00:00:00:01,romfile=',
  ],
  [
    'BIOS boots from the network: QEMU’s ROM',
    { ...pc, bootsFromNetwork: true },
    'e1000,id=card0,netdev=net0,mac=52:54:00:00:00:01,bootindex=0',
  ],
  [
    'UEFI boots from the network: a card that it knows, no ROM',
    { ...pc, firmware: 'uefi-x64', bootsFromNetwork: true },
    'virtio-net-pci,id=card0,netdev=net0,mac=52:54:00:00:00:01,romfile=,bootindex=0',
  ],
] as const satisfies readonly (readonly [string, Machine, string])[]) {
  test(`qemuArguments() ${what}`, (t) =>
    t.true(qemuArguments(machine, connections).includes(device)));
}

test('qemuProgram() is that of the firmware’s processor', (t) => {
  t.is(qemuProgram(pc), 'qemu-system-x86_64');
  t.is(qemuProgram({ ...pc, firmware: 'u-boot-arm64' }), 'qemu-system-aarch64');
});
