import { readFile } from 'node:fs/promises';
import test from 'ava';
import { identify } from '../../../agent/host/processes/process-identity.ts';
import { createNamespace, namespaceExists } from '../../../lab/network/namespace.ts';
import { $ } from '../../../scripts/run.ts';

test('createNamespace() gives a bridge with the address and nothing of IPv6', async (t) => {
  const namespace = await createNamespace(`walt-test-ns-a-${process.pid}`, {
    address: '10.9.8.1/24',
  });
  try {
    const { stdout } = await $`${namespace.command(['ip', '-brief', 'address'])}`;
    t.regex(stdout, /^walt-net .*10\.9\.8\.1\/24/m);
    t.regex(stdout, /^lo .*127\.0\.0\.1/m);
    t.notRegex(stdout, /::/);
  } finally {
    await namespace.remove();
  }
});

test('addTap() plugs a card into the bridge', async (t) => {
  const namespace = await createNamespace(`walt-test-ns-b-${process.pid}`);
  try {
    await namespace.addTap('t-one');
    const { stdout } = await $`ip -n ${namespace.name} link show master walt-net`;
    t.regex(stdout, /t-one/);
  } finally {
    await namespace.remove();
  }
});

test('remove() leaves no namespace, mount or process, not even one that ignores signals', async (t) => {
  const namespace = await createNamespace(`walt-test-ns-c-${process.pid}`);
  const stubborn = $({
    nothrow: true,
  })`${namespace.command(['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'])}`;
  const { pid } = stubborn;
  t.true(await namespaceExists(`walt-test-ns-c-${process.pid}`));
  await namespace.remove();
  t.is((await stubborn).signal, 'SIGKILL');
  t.is(await identify(pid ?? 0), undefined);
  t.false(await namespaceExists(`walt-test-ns-c-${process.pid}`));
  t.notRegex(await readFile('/proc/self/mountinfo', 'utf8'), /walt-test-ns-c/);
});

test('createNamespace() with a wrong address fails and leaves nothing', async (t) => {
  await t.throwsAsync(createNamespace(`walt-test-ns-d-${process.pid}`, { address: 'nonsense' }));
  t.false(await namespaceExists(`walt-test-ns-d-${process.pid}`));
});

test('the bridge has a MAC of its own, which it keeps when ports come', async (t) => {
  const namespace = await createNamespace(`walt-test-ns-mac-${process.pid}`);
  const mac = async () => {
    const { stdout } = await $`ip -n ${namespace.name} -brief link show walt-net`;
    return /02(:[0-9a-f]{2}){5}/.exec(stdout)?.[0];
  };
  try {
    const before = await mac();
    t.truthy(before);
    await $`ip -n ${namespace.name} link add port address 02:00:00:00:00:01 type veth peer name end`;
    await $`ip -n ${namespace.name} link set port master walt-net up`;
    t.is(await mac(), before);
  } finally {
    await namespace.remove();
  }
});
