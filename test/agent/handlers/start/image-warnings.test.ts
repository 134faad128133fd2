import test from 'ava';
import { imageWarnings } from '../../../../agent/handlers/start/image-warnings.ts';
import type { StartPlan } from '../../../../agent/handlers/start/start-plan.ts';
import type { Image } from '../../../../agent/images/content/image.ts';

const image: Image = {
  ...{
    name: 'alice/pc:latest',
    digest: 'sha256:00',
    models: ['pc-x86-64'],
    labels: {},
    layers: [],
  },
  ...{ size: 0, created: 0, used: 0 },
};

async function warningsFor(options: string) {
  const commandLine = `root=/dev/nfs nfsroot=192.0.2.1:/x/fs,${options} quiet`;
  const plan = { kernel: 'kernel', initrds: [], commandLine };
  const started = { result: { kind: 'boot', plan, problems: [] }, verdict: { starts: 'yes' } };
  return await imageWarnings(image, async () => started as unknown as StartPlan);
}

for (const options of ['ro,nolock', 'ro,vers=4.2,noacl', 'ro,nfsvers=4,noacl', 'ro,v4,noacl']) {
  test(`imageWarnings() has nothing against a root mounted with ${options}`, async (t) => {
    t.deepEqual(await warningsFor(options), []);
  });
}

for (const options of ['ro,noacl', 'noacl,vers=3,nolock']) {
  test(`imageWarnings() tells what a root mounted with ${options} keeps ordinary users from`, async (t) => {
    const [warning, ...others] = await warningsFor(options);
    t.deepEqual(others, []);
    t.regex(JSON.stringify(warning), /users other than root will run no program.*noacl/);
  });
}
