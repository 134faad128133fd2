import test from 'ava';
import type { Device } from '../../../../agent/devices/device.ts';
import { onFactsRequest } from '../../../../agent/handlers/nodes/on-facts-request.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';

const NODE = nodeNamed('pc', { ip: '192.168.152.2' });

/** What a device of this address is told. */
async function told(device: Device, { address = device.ip, isWarm = true } = {}) {
  const registry = { byIp: (ip: string) => (ip === device.ip ? device : undefined) };
  const loginOf = ({ ip }: { readonly ip: string }) => `ssh root@${ip}`;
  const canStayWarm = async () => isWarm;
  const found = (await onFactsRequest(address, { registry, loginOf, canStayWarm }))?.found;
  return found?.kind === 'bytes' ? Buffer.from(found.bytes).toString() : undefined;
}

test('onFactsRequest() tells a node what is known of it', async (t) => {
  const image = 'alice/tool:latest';
  t.is(
    await told({ ...NODE, model: 'pc-x86-64', image }),
    'name=pc\naddress=192.168.152.2\nmodel=pc-x86-64\nimage=alice/tool:latest\nowner=alice\nkept=no\nswap=0\njournal=no\nnetconsole=no\nkexec=yes\nlogin=ssh root@192.168.152.2\n',
  );
  t.regex((await told({ ...NODE, image: 'waltplatform/x:latest' })) ?? '', /^owner=nobody$/m);
});

test('onFactsRequest() tells a node what its settings give it', async (t) => {
  const settings = { 'mount.persist': 'true', swap: '256M', journal: 'true', netconsole: 'true' };
  t.regex(
    (await told({ ...NODE, settings })) ?? '',
    /^kept=yes\nswap=268435456\njournal=yes\nnetconsole=yes$/m,
  );
});

test('onFactsRequest() tells a node to reboot by its firmware where its setting, or its state, says so', async (t) => {
  t.regex((await told({ ...NODE, settings: { 'kexec.allow': 'false' } })) ?? '', /^kexec=no$/m);
  t.regex((await told(NODE, { isWarm: false })) ?? '', /^kexec=no$/m);
});

test('onFactsRequest() has nothing for others', async (t) => {
  t.is(await told({ ...NODE, type: 'unknown' }), undefined);
  t.is(await told(NODE, { address: '192.168.152.3' }), undefined);
});

test('onFactsRequest() keeps each fact in its line', async (t) => {
  const said = (await told({ ...NODE, name: 'pc\nowner=eve\u001b[2J' })) ?? '';
  t.is(said.split('\n').length, 12);
  t.regex(said, /^name=pc\?owner=eve\?\[2J$/m);
});
