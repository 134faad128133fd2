// The net service in a namespace, called from the server's address and from others.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { waitForText } from '../../lab/machines/wait-for-text.ts';
import { $ } from '../../scripts/run.ts';
import { createNamespace, type Namespace } from '../support/namespace.ts';
import { createNodeSide, type NodeSide } from './keepers.ts';
import { putBusybox } from './node-image.ts';

const SERVER = '192.168.152.1';
const NODE = '192.168.152.10';
const STRANGER = '192.168.152.99';

type Service = { readonly node: NodeSide; readonly namespace: Namespace };

/** All addresses are in one namespace: what counts is the one that the caller uses. */
async function withService(
  name: string,
  body: (service: Service) => Promise<void>,
  cmdline = `walt.server.ip=${SERVER}`,
): Promise<void> {
  const service = {
    namespace: await createNamespace(`walt-img-${name}-${process.pid}`),
    node: await createNodeSide(cmdline),
  };
  try {
    await start(service);
    await body(service);
  } finally {
    await service.node.remove();
    await service.namespace.remove();
  }
}

async function start({ node, namespace }: Service): Promise<void> {
  for (const address of [NODE, STRANGER]) {
    await $`ip -n ${namespace.name} address add ${address}/24 dev walt-net`;
  }
  node.start('walt-net-service', {
    command: namespace.command,
    env: {
      WALT_LINE_SECONDS: '2',
      WALT_SYSTEM: node.folder,
      WALT_HOOK_SECONDS: '2',
      WALT_REBOOT: await node.script('reboot', `echo rebooted >> ${node.folder}/reboots`),
    },
  });
  const listening = async () => (await $`${namespace.command(['ss', '-Hltn'])}`).stdout;
  await waitForText(listening, /:12346/, { what: 'listening sockets', seconds: 20 });
}

/** What the service answers to the text, sent from the address. */
async function call({ namespace }: Service, text: string, from: string): Promise<string> {
  const client = ['socat', '-t', '20', '-', `TCP:${NODE}:12346,bind=${from}`];
  return (await $({ input: text })`timeout 30 ${namespace.command(client)}`).stdout;
}

const reboots = ({ node }: Service) =>
  readFile(join(node.folder, 'reboots'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });

test('the net service answers the server, line by line', (t) =>
  withService('n1', async (service) => {
    const answers = [
      ['MODE single\nPING\n', 'OK\n'],
      ['MODE single\nPING\nPING\n', 'OK\n'],
      ['MODE multi\nPING\nPING\nCLOSE\nPING\n', 'OK\nOK\nOK Closing on my side.\n'],
      ['MODE multi\nDANCE\nPING\nCLOSE\n', 'KO Unknown request.\nOK\nOK Closing on my side.\n'],
      ['PING\n', 'KO Start by specifying MODE single or MODE multi.\n'],
      ['\n', 'KO Start by specifying MODE single or MODE multi.\n'],
    ] as const;
    for (const [text, answer] of answers) t.is(await call(service, text, SERVER), answer, text);
    t.is(await reboots(service), '');
  }));

test('the net service reboots the node for the server', (t) =>
  withService('n2', async (service) => {
    t.is(await call(service, 'MODE single\nREBOOT\n', SERVER), 'OK\n');
    await waitForText(() => reboots(service), /rebooted/, { what: 'reboots', seconds: 20 });
  }));

for (const [what, hook] of [
  ['hangs', 'echo hook >>/hooks; while :; do :; done'],
  ['works', 'echo hook >>/hooks'],
] as const) {
  test(`the net service reboots a node whose own way to reboot ${what}`, (t) =>
    withService(`h-${what}`, async (service) => {
      const { folder } = service.node;
      // The hook runs in the image, whose root the folder stands for. The first one is nothing that can run.
      await mkdir(join(folder, 'bin/walt-network-reboot'));
      await putBusybox(folder);
      await writeFile(join(folder, 'bin/walt-reboot'), `#!/bin/busybox sh\n${hook}\n`, {
        mode: 0o755,
      });
      t.is(await call(service, 'MODE single\nREBOOT\n', SERVER), 'OK\n');
      await waitForText(() => reboots(service), /rebooted/, { what: 'reboots', seconds: 40 });
      t.is(await readFile(join(folder, 'hooks'), 'utf8'), 'hook\n');
    }));
}

test('the net service refuses everybody else', (t) =>
  withService('n3', async (service) => {
    for (const from of [STRANGER, NODE]) {
      t.is(await call(service, 'MODE single\nREBOOT\n', from), 'KO not the server\n');
      t.is(await call(service, 'MODE single\nPING\n', from), 'KO not the server\n');
    }
    t.is(await reboots(service), '');
  }));

test('the net service refuses everybody when it cannot tell the server', (t) =>
  withService(
    'n4',
    async (service) => {
      t.is(await call(service, 'MODE single\nREBOOT\n', SERVER), 'KO not the server\n');
      t.is(await reboots(service), '');
    },
    'walt.server.ip=nonsense',
  ));

test('the net service ends a silent connection, and serves others meanwhile', (t) =>
  withService('n5', async (service) => {
    const silent = ['socat', '-u', `TCP:${NODE}:12346,bind=${SERVER}`, '-'];
    const waiting = $`timeout 30 ${service.namespace.command(silent)}`;
    t.is(await call(service, 'MODE single\nPING\n', SERVER), 'OK\n');
    t.is((await waiting).stdout, 'TIMEOUT Closing on my side.\n');
  }));
