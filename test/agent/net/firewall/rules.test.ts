// The text for nft(8); what the kernel does of it is tested by attacks (test/support/attacks/nfs.ts).
import test from 'ava';
import { firewallText } from '../../../../agent/net/firewall/rules.ts';

const RULES = {
  interface: 'br0.7',
  address: '10.0.0.254',
  inside: { limit: 'other-networks', tcp: [80, 2049], udp: [69] },
  paces: [{ limit: 'nfs-pace', ports: [111, 2049], perSecond: 20, atOnce: 40 }],
} as const;

test('firewallText() replaces our table alone, and tracks no connection', (t) => {
  const lines = firewallText(RULES).split('\n');
  t.deepEqual(lines.slice(0, 3), ['table ip walt', 'delete table ip walt', 'table ip walt {']);
  t.is(lines.filter((line) => /\btable\b/.test(line)).length, 3);
  t.notRegex(firewallText(RULES), /\bct\b|flush/);
});

test('firewallText() drops what comes by another interface, and new connections that come too fast', (t) => {
  const text = firewallText(RULES);
  t.regex(text, /^ {4}iifname != "br0\.7" tcp dport \{ 80, 2049 \} jump drop-other-networks$/m);
  t.regex(text, /^ {4}iifname != "br0\.7" udp dport \{ 69 \} jump drop-other-networks$/m);
  t.regex(
    text,
    /tcp dport \{ 111, 2049 \} .* limit rate over 20\/second burst 40 packets \} jump drop-nfs-pace$/m,
  );
});

test('firewallText() counts UDP where each packet is a question', (t) => {
  const names = { limit: 'names-pace', ports: [53], perSecond: 20, atOnce: 100 } as const;
  const text = firewallText({ ...RULES, paces: [{ ...names, countsUdp: true }] });
  const counted = /^ {4}udp dport \{ 53 \} update @names-pace-pace .* jump drop-names-pace$/m;
  t.regex(text, counted);
  t.notRegex(firewallText({ ...RULES, paces: [names] }), counted);
});

test('firewallText() says nothing of loopback, of other addresses, and of what it does not drop', (t) => {
  const lines = firewallText(RULES).split('\n');
  const start = lines.findIndex((line) => line.includes('hook input'));
  t.deepEqual(lines.slice(start, start + 3), [
    '    type filter hook input priority filter - 1; policy accept;',
    '    iifname "lo" return',
    '    ip daddr != 10.0.0.254 return',
  ]);
});

test('firewallText() lets those out who may go, and drops what else a machine did not forward before', (t) => {
  const addresses = ['10.0.0.7', '10.0.0.9'];
  const text = firewallText({ ...RULES, nat: { addresses, forwardedBefore: false } });
  t.regex(text, /set nat \{ type ipv4_addr; elements = \{ 10\.0\.0\.7, 10\.0\.0\.9 \}; \}/);
  t.regex(text, /iifname "br0\.7" ip saddr @nat accept/);
  t.regex(text, /established,related accept\n {4}drop\n {2}\}/);
  const routing = firewallText({ ...RULES, nat: { addresses, forwardedBefore: true } });
  t.notRegex(routing, /^ {4}drop\n {2}\}\n {2}chain postrouting/m);
});
