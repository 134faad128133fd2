import test from 'ava';
import { parseConfig } from '../../../agent/config/config.ts';
import { virtualNodeSpeed } from '../../../agent/doctor/machine/kvm.ts';
import { readArguments } from '../../../agent/setup/arguments.ts';
import { findings, type MachineFacts } from '../../../agent/setup/checks.ts';
import type { RealChoice } from '../../../agent/setup/choice.ts';
import { completeChoice } from '../../../agent/setup/complete.ts';
import { setupPlan } from '../../../agent/setup/plan.ts';
import { isOffWithout, unitText } from '../../../agent/setup/unit.ts';

const CONFIG = `# mine
network:
  # virtual for now
  namespace: walt-net
log:
  keepDays: 7 # enough
`;

const real: RealChoice = {
  ...{ kind: 'real', interface: 'enp2s0', address: '192.168.152.1/24', dhcp: 'server' },
};

const facts: MachineFacts = {
  links: [
    { name: 'lo', isUp: true, hasCarrier: true, mtu: 65536 },
    { name: 'enp1s0', isUp: true, hasCarrier: true, mtu: 1500 },
    { name: 'enp2s0', isUp: false, hasCarrier: false, mtu: 1500 },
  ],
  addresses: [
    { interface: 'lo', address: '127.0.0.1/8' },
    { interface: 'enp1s0', address: '10.0.0.7/16' },
  ],
  ...{ ofIfupdown: [], portsInUse: [], freeBytes: 50e9 },
  ...{ hasKernelNfs: true, hasGanesha: true, firewallDrops: false },
  virtualNodes: { status: 'ok', detail: 'a probe boot showed it' },
};

const today = { config: CONFIG, hasNetworkManager: false, isDown: true };
const contentOf = (files: readonly { path: string; text: string }[], path: string) =>
  files.find((file) => file.path === path)?.text ?? '';

test('setupPlan() puts the interface in the place of the virtual network, and keeps all else', (t) => {
  const text = contentOf(setupPlan(real, today).files, 'walt/server.yaml');
  const { network, dhcp, log } = parseConfig(text, 'x');
  t.is(network.namespace, undefined);
  t.deepEqual([network.interface, network.address], ['walt-net', '192.168.152.1/24']);
  t.deepEqual([dhcp.mode, log.keepDays], ['server', 7]);
  t.regex(text, /^# mine$/m);
  t.regex(text, /keepDays: 7 # enough/);
});

test('setupPlan() lets other machines reach the server where somebody said so, and keeps that otherwise', (t) => {
  const api = '10.0.0.7:8443';
  const plan = setupPlan({ ...real, api }, today);
  const text = contentOf(plan.files, 'walt/server.yaml');
  t.deepEqual(parseConfig(text, 'x').api.listen, [api]);
  t.true(plan.says.some((line) => line.includes(`https://${api}`)));
  const next = contentOf(setupPlan(real, { ...today, config: text }).files, 'walt/server.yaml');
  t.deepEqual(parseConfig(next, 'x').api.listen, [api]);
  t.throws(() => setupPlan({ ...real, api: '192.168.152.1:8443' }, today), {
    message: /nodes reach 192\.168\.152\.1/,
  });
});

test('completeChoice() asks where other machines shall reach the server, and wants an address of this one', async (t) => {
  const asked: string[] = [];
  const answers = ['enp2s0', '', '10.0.0.7:8443'];
  const ask = async (question: string) => {
    asked.push(question);
    return answers.shift() ?? '';
  };
  t.like(await completeChoice({}, { facts, ask }), { interface: 'enp2s0', api: '10.0.0.7:8443' });
  t.regex(asked[2] ?? '', /by HTTPS\? Where, as 10\.0\.0\.7:8443/);
  answers.push('enp2s0', '', '');
  t.is(((await completeChoice({}, { facts, ask })) as RealChoice).api, undefined);
  answers.push('enp2s0', '', 'everywhere');
  await t.throwsAsync(completeChoice({}, { facts, ask }), {
    message: /expected an address and a port/,
  });
  const wish = readArguments(['--interface', 'enp2s0', '--api', '10.0.0.8:8443']).wish;
  await t.throwsAsync(completeChoice(wish, { facts }), {
    message: /10\.0\.0\.8 is no address of this machine, which has 127\.0\.0\.1, 10\.0\.0\.7\./,
  });
});

test('a virtual walt-net goes with an address of this machine for others', async (t) => {
  const { wish } = readArguments(['--virtual', '--api', '10.0.0.7:8443']);
  const choice = await completeChoice(wish, { facts });
  if (choice === undefined) return t.fail();
  const { says, files } = setupPlan(choice, today);
  t.deepEqual(parseConfig(contentOf(files, 'walt/server.yaml'), 'x').api.listen, ['10.0.0.7:8443']);
  t.true(says.some((line) => line.includes('https://10.0.0.7:8443')));
  const answers = ['virtual', '', '10.0.0.7:8443'];
  const ask = async () => answers.shift() ?? '';
  t.like(await completeChoice({}, { facts, ask }), { kind: 'virtual', api: '10.0.0.7:8443' });
});

test('setupPlan() makes it virtual again, and changes nothing else of the machine', (t) => {
  const first = contentOf(setupPlan({ ...real, dhcp: 'proxy' }, today).files, 'walt/server.yaml');
  const virtual = { kind: 'virtual', address: '10.9.0.1/24' } as const;
  const { files } = setupPlan(virtual, { ...today, config: first });
  t.deepEqual(
    files.map(({ path }) => path),
    ['walt/server.yaml'],
  );
  const { network, dhcp } = parseConfig(files[0]?.text ?? '', 'x');
  t.deepEqual([network.namespace, network.address], ['walt-net', '10.9.0.1/24']);
  t.is(dhcp.mode, 'server');
});

test('setupPlan() begins with an empty configuration, too, and refuses one that cannot be read', (t) => {
  const empty = setupPlan(real, { ...today, config: '' });
  t.is(parseConfig(contentOf(empty.files, 'walt/server.yaml'), 'x').network.interface, 'walt-net');
  t.throws(() => setupPlan(real, { ...today, config: 'network: [' }), { name: 'ConfigError' });
});

test('setupPlan() keeps services that look after networks away', (t) => {
  const { files } = setupPlan({ ...real, vlan: 7 }, { ...today, hasNetworkManager: true });
  const manager = contentOf(files, 'NetworkManager/conf.d/walt-net.conf');
  t.regex(manager, /interface-name:walt-vlan7;interface-name:walt-net$/m);
  t.regex(contentOf(files, 'systemd/network/05-walt-net.network'), /^Unmanaged=yes$/m);
});

test('setupPlan() leaves the interface under a VLAN to who looks after it', (t) => {
  const { files } = setupPlan({ ...real, vlan: 7 }, { ...today, hasNetworkManager: true });
  for (const { path, text } of files) {
    if (path.startsWith('systemd/network') || path.startsWith('NetworkManager')) {
      t.notRegex(text, /enp2s0/, path);
    }
  }
});

test('unitText() makes the VLAN, and names the device as systemd does', (t) => {
  const text = unitText({ ...real, interface: 'en-a', vlan: 7 }, { isDown: false });
  t.regex(text, /^After=sys-subsystem-net-devices-en\\x2da\.device /m);
  t.regex(text, /^ExecStart=\S+ link add link en-a name walt-vlan7 type vlan id 7$/m);
  t.regex(text, /^ExecStart=\S+ link set walt-vlan7 master walt-net$/m);
  t.regex(text, /^ExecStop=-\S+ link delete walt-vlan7$/m);
});

test('isOffWithout() knows of an interface that a setup has turned on how it was before', (t) => {
  const isOff = (isUp: boolean, unit = '', choice: RealChoice = real) =>
    isOffWithout(choice, {
      links: [{ name: 'enp2s0', isUp, hasCarrier: true, mtu: 1500 }],
      unit,
    });
  t.deepEqual([isOff(false), isOff(true)], [true, false]);
  for (const choice of [real, { ...real, vlan: 7 }]) {
    for (const isDown of [true, false]) {
      t.is(isOff(true, unitText(choice, { isDown }), choice), isDown);
    }
  }
  const other = unitText({ ...real, interface: 'enp9s0' }, { isDown: true });
  t.deepEqual([isOff(false, other), isOff(true, other)], [true, false]);
});

const wrongs = (choice: RealChoice, changed: Partial<MachineFacts> = {}) =>
  findings(choice, { ...facts, ...changed })
    .filter(({ status }) => status === 'wrong')
    .map(({ text }) => text);

test('findings() has nothing against an interface that nobody uses', (t) => {
  t.deepEqual(wrongs(real), []);
  t.deepEqual(wrongs({ ...real, interface: 'enp1s0', vlan: 7 }), []);
});

const inBridge = { name: 'enp2s0', isUp: true, hasCarrier: true, mtu: 1500, master: 'br0' };
for (const [title, choice, changed, message] of [
  ['is missing', { interface: 'eth9' }, {}, /^There is no interface eth9\. .* enp1s0, enp2s0\.$/],
  ['is the loopback', { interface: 'lo' }, {}, /^Interface lo leads to no machines/],
  ['carries traffic', { interface: 'enp1s0' }, {}, /^Interface enp1s0 has 10\.0\.0\.7\/16: /],
  ['is in another bridge', {}, { links: [inBridge] }, /^Interface enp2s0 is in br0 already/],
  ['is of ifupdown', {}, { ofIfupdown: ['enp2s0'] }, /^\/etc\/network\/interfaces has enp2s0/],
  ['shares a network', { address: '10.0.9.1/24' }, {}, /in the network of enp1s0 \(10\.0\.0\.7/],
  [
    'has no NFS server',
    {},
    { hasKernelNfs: false, hasGanesha: false },
    /apt install nfs-kernel-server$/,
  ],
] as const) {
  test(`findings() refuses what ${title}`, (t) => {
    const found = wrongs({ ...real, ...choice }, changed);
    t.is(found.length, 1, found.join());
    t.regex(found[0] ?? '', message);
  });
}

test('findings() mentions what may be in the way', async (t) => {
  const changed = { portsInUse: ['udp 69 (in.tftpd)'], firewallDrops: true, freeBytes: 2e9 };
  const virtualNodes = await virtualNodeSpeed({
    accelerator: async () => ({ kind: 'tcg', why: 'this machine has no /dev/kvm' }),
  });
  const said = findings(real, { ...facts, ...changed, virtualNodes });
  const notes = said.filter(({ status }) => status === 'attention').map(({ text }) => text);
  t.is(notes.length, 4);
  for (const part of [/in\.tftpd/, /firewall/, /only 2 GB/, /emulated.*\/dev\/kvm/]) {
    t.true(
      notes.some((note) => part.test(note)),
      String(part),
    );
  }
});
