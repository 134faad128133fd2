import { createServer } from 'node:net';
import test from 'ava';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform, type TestPlatform } from '../test-platform.ts';
import { until } from '../walt-process.ts';

async function withThreeNodes(options: { nodePort?: number } = {}): Promise<TestPlatform> {
  const platform = await startTestPlatform(options);
  const { registry } = platform;
  await put(registry, nodeNamed('free-1', { ip: '127.0.152.11', machine: { isOff: false } }));
  await put(
    registry,
    nodeNamed('mine', {
      ip: '127.0.152.12',
      image: 'alice/debian:latest',
      machine: { isOff: false },
    }),
  );
  const mac = 'b8:27:eb:f2:67:82';
  await put(registry, nodeNamed('his', { ip: '127.0.152.13', mac, image: 'bob/web:v2' }));
  return platform;
}

/** The node says that it is up, as it does over its notification connection. */
function boot({ publish, registry }: TestPlatform, name: string): void {
  const mac = registry.byName(name)?.mac ?? '';
  const dhcp = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' } as const;
  publish([{ kind: 'signal', mac, signal: dhcp }]);
  const report = { path: 'start.ipxe', via: 'tftp', bytes: 301, ms: 4, retries: 1 } as const;
  const file = { kind: 'file', ...report, outcome: 'complete' } as const;
  publish([{ kind: 'signal', mac, signal: file }]);
  publish([{ kind: 'signal', mac, signal: { kind: 'mounted' } }]);
  publish([{ kind: 'signal', mac, signal: { kind: 'booted' } }]);
}

test.serial('walt node show without any node says what to do next', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  const { code, out, err } = await platform.walt('node', 'show', '--all');
  t.deepEqual([code, out], [0, '']);
  t.regex(err, /No node has been seen yet.*walt help show new-node/);
});

test.serial('walt node show --all has a table for own, free and other nodes', async (t) => {
  const platform = await withThreeNodes();
  t.teardown(platform.close);
  boot(platform, 'free-1');
  await platform.walt('node', 'config', 'mine', 'netsetup=NAT');
  const { code, out, err } = await platform.walt('node', 'show', '--all');
  t.deepEqual([code, err], [0, '']);
  t.is(
    out,
    `Your nodes:

name  type     model      image                ip            netsetup  booted
----  -------  ---------  -------------------  ------------  --------  ------
mine  virtual  pc-x86-64  alice/debian:latest  127.0.152.12  NAT       NO

Free nodes:

name    type     model      ip            netsetup  booted
------  -------  ---------  ------------  --------  ------
free-1  virtual  pc-x86-64  127.0.152.11  LAN       yes

Nodes of other users:

name  type      model      image-owner  clonable-image-link  ip            netsetup  booted
----  --------  ---------  -----------  -------------------  ------------  --------  ------
his   physical  pc-x86-64  bob          walt:bob/web:v2      127.0.152.13  LAN       NO
`,
  );
});

test.serial('walt node show lists own nodes only, of the user behind sudo', async (t) => {
  const platform = await withThreeNodes();
  t.teardown(platform.close);
  const { out } = await platform.walt('node', 'show');
  t.regex(out, /^Your nodes:\n\n.*\nmine .*\n$/s);
  t.notRegex(out, /free-1|his/);
  const { nodes } = JSON.parse((await platform.walt('node', 'show', '--json')).out);
  t.like(nodes, { length: 1, 0: { name: 'mine', owner: 'alice', booted: false } });
  const all = JSON.parse((await platform.walt('node', 'show', '--all', '--json')).out);
  t.is(all.nodes.length, 3);
});

test.serial('walt node show NODE tells the stages of its last boot', async (t) => {
  const platform = await withThreeNodes();
  t.teardown(platform.close);
  t.regex((await platform.walt('node', 'show', 'mine')).out, /has not started to boot/);
  boot(platform, 'mine');
  const { out } = await platform.walt('node', 'show', 'mine');
  t.regex(out, /^mine \(virtual, pc-x86-64\)\n/);
  t.regex(out, /last boot: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, now booted/);
  t.regex(out, /\+0\.000 s +dhcp +discover from walt-loader\n/);
  t.regex(out, /file +start\.ipxe by tftp, 301 bytes in 4 ms, retries 1, complete\n/);
  t.regex(out, /mounted .*\n.*booted .*\n\nIts last boots:\n\nbegan +result +took /);
  const reply = JSON.parse((await platform.walt('node', 'show', 'mine', '--json')).out);
  t.is(reply.node.state, 'booted');
  t.deepEqual(
    reply.stages.map(({ stage }: { stage: string }) => stage),
    ['dhcp', 'file', 'mounted', 'booted'],
  );
});

test.serial(
  'walt node show NODE says that a node does not come up, and how its boots ended',
  async (t) => {
    const platform = await withThreeNodes();
    t.teardown(platform.close);
    const mac = platform.registry.byName('mine')?.mac ?? '';
    const dhcp = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' } as const;
    const begin = () => {
      platform.publish([{ kind: 'signal', mac, signal: dhcp }]);
      platform.publish([{ kind: 'signal', mac, signal: { kind: 'mounted' } }]);
    };
    for (let boot = 1; boot <= 3; boot += 1) begin();
    t.notRegex((await platform.walt('node', 'show', 'mine')).out, /does not come up/);
    begin();
    const { out } = await platform.walt('node', 'show', 'mine');
    t.regex(
      out,
      /\nit does not come up: this is boot 4 in a row; each of the last 3 ended after it mounted/,
    );
    const { failures } = JSON.parse((await platform.walt('node', 'show', 'mine', '--json')).out);
    t.regex(failures, /^this is boot 4/);
    boot(platform, 'mine');
    t.notRegex((await platform.walt('node', 'show', 'mine')).out, /does not come up/);
  },
);

test.serial('walt node wait returns at once for nodes that are booted', async (t) => {
  const platform = await withThreeNodes();
  t.teardown(platform.close);
  boot(platform, 'mine');
  boot(platform, 'his');
  const { code, out, err } = await platform.walt('node', 'wait', 'mine,his', 'mine');
  t.deepEqual([code, out, err], [0, 'Nodes mine and his are booted.\n', '']);
});

test.serial('walt node wait says when the timeout was reached, and who is missing', async (t) => {
  const platform = await withThreeNodes();
  t.teardown(platform.close);
  boot(platform, 'mine');
  const { code, err } = await platform.walt('node', 'wait', 'all-nodes', '--timeout', '0.2');
  t.is(code, 1);
  t.regex(err, /^Timeout was reached\.\nNodes free-1 and his are not booted yet\.$/m);
});

test.serial('walt node wait sees a boot that ends while the server is restarted', async (t) => {
  t.timeout(60_000);
  const platform = await withThreeNodes();
  t.teardown(platform.close);
  const waiting = platform.spawnWalt('node', 'wait', 'free-nodes', '--timeout', '60');
  await until(waiting, { pattern: /Waiting until node free-1 is booted/, where: 'err' });
  await platform.closeApi();
  await until(waiting, { pattern: /does not answer; trying again/, where: 'err' });
  boot(platform, 'free-1');
  await platform.openApi();
  const { code, out, err } = await waiting.result;
  t.deepEqual([code, out], [0, 'Node free-1 is booted.\n']);
  t.regex(err, /The server is back\./);
});

test.serial('walt node wait ends quietly on ctrl-C', async (t) => {
  t.timeout(60_000);
  const platform = await withThreeNodes();
  t.teardown(platform.close);
  const waiting = platform.spawnWalt('node', 'wait', 'mine');
  await until(waiting, { pattern: /Waiting until node mine is booted/, where: 'err' });
  waiting.child.kill('SIGINT');
  const { code, err } = await waiting.result;
  t.is(code, 130);
  t.is(err.split('\n').length, 2);
});

test.serial('walt node reboot tells of each node whether it obeyed', async (t) => {
  const asked: string[] = [];
  const netService = createServer((socket) => {
    socket.on('data', (bytes) => {
      asked.push(bytes.toString());
      socket.end('OK\n');
    });
  });
  await new Promise<void>((resolve) => netService.listen(0, '127.0.152.12', resolve));
  const { port } = netService.address() as { port: number };
  const platform = await withThreeNodes({ nodePort: port });
  t.teardown(platform.close);
  t.teardown(() => netService.close());
  boot(platform, 'mine');

  const good = await platform.walt('node', 'reboot', 'my-nodes');
  t.deepEqual(good, { code: 0, out: 'Node mine: rebooted ok.\n', err: '' });
  t.deepEqual(asked, ['MODE single\nREBOOT\n']);
  t.is(platform.boots.statusOf(platform.registry.byName('mine')?.mac ?? '').state, 'down');

  const others = await platform.walt('node', 'reboot', 'mine', 'his');
  t.deepEqual([others.code, others.out], [1, '']);
  t.regex(others.err, /Node his belongs to bob\.\nNothing was changed.*--yes/);
  t.is(asked.length, 1);

  const mixed = await platform.walt('node', 'reboot', 'mine', 'his', '--yes');
  t.deepEqual([mixed.code, mixed.out], [1, 'Node mine: rebooted ok.\n']);
  t.regex(mixed.err, /^Node his: not rebooted: .*did not take REBOOT: nothing listens there/);
  const log = await platform.walt('log', 'show', 'reboot of node his');
  t.regex(log.out, /platform\.nodes -> reboot of node his asked for by alice\n$/);
});

test.serial('walt device rename asks before it touches the node of another user', async (t) => {
  const platform = await withThreeNodes();
  t.teardown(platform.close);
  const refused = await platform.walt('device', 'rename', 'his', 'hers');
  t.deepEqual([refused.code, refused.out], [1, '']);
  t.regex(refused.err, /Node his belongs to bob\.\nNothing was changed.*--yes/);
  const renamed = await platform.walt('device', 'rename', 'his', 'hers', '--yes');
  t.deepEqual(renamed, { code: 0, out: 'Device his is now called hers.\n', err: '' });
  const log = await platform.walt('log', 'show', 'renamed');
  t.regex(log.out, /renamed his to hers by alice\n$/);
});
