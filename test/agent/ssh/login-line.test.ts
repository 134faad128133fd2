import test from 'ava';
import { loginLine } from '../../../agent/ssh/login-line.ts';

const NODE = { ip: '192.168.152.2' };
const keyFile = '/var/lib/walt/ssh/id_ed25519';

test('loginLine() is a call of ssh where walt-net is the network of the machine', (t) => {
  const line = loginLine(NODE, { keyFile, namespace: undefined });
  t.is(line, 'ssh -i /var/lib/walt/ssh/id_ed25519 root@192.168.152.2');
});

test('loginLine() enters the namespace that walt-net is in', (t) => {
  const line = loginLine(NODE, { keyFile, namespace: 'walt-other' });
  t.is(line, 'ip netns exec walt-other ssh -i /var/lib/walt/ssh/id_ed25519 root@192.168.152.2');
});
