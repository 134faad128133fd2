import test from 'ava';
import { render } from '../../../../../agent/images/content/templates/render.ts';

const VALUES = {
  server_ip: '192.168.152.1',
  server_mac: '02:00:00:00:00:01',
  odd: '%(server_ip)s',
};

for (const [template, text, unknown] of [
  ['server %(server_ip)s\n', 'server 192.168.152.1\n', []],
  ['%(server_mac)s%(server_ip)s', '02:00:00:00:00:01192.168.152.1', []],
  ['%(server_ip)d', '192.168.152.1', []],
  ['date +%%s', 'date +%s', []],
  ['%%(server_ip)s', '%(server_ip)s', []],
  ['100% of %d and %(server_ip', '100% of %d and %(server_ip', []],
  ['%(odd)s', '%(server_ip)s', []],
  ['%(what)s %(server_ip)s %(what)s', '%(what)s 192.168.152.1 %(what)s', ['what']],
  ['%(toString)s', '%(toString)s', ['toString']],
  ['\xff\0', '\xff\0', []],
] as const) {
  test(`render() makes ${JSON.stringify(text)} of ${JSON.stringify(template)}`, (t) => {
    t.deepEqual(render(template, VALUES), { text, unknown: [...unknown] });
  });
}
