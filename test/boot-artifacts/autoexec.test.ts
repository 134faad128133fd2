// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings of iPXE are written so
// Which model the script of the stick announces, told by what iPXE was built for and by the processor.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { interpretStart } from '../../agent/boot/ipxe-script/interpret.ts';

const AUTOEXEC = join(import.meta.dirname, '../../boot-artifacts/pc/autoexec.ipxe');
const network = {
  ...{ server: '192.168.152.1', ip: '192.168.152.7', netmask: '255.255.255.0' },
  ...{ mac: '52:54:00:f2:67:82', hostName: 'node', domain: 'walt' },
};

/** @param processor the model that has it */
async function announced(buildarch: string, processor: string): Promise<string> {
  const text = await readFile(AUTOEXEC, 'utf8');
  const identifies = text.slice(text.indexOf('\n:try\n'), text.indexOf('\nset stick-card'));
  const start = `#!ipxe\nset buildarch ${buildarch}\n${identifies}\nkernel kernel \${user-class}\nboot\n`;
  const files = new Map(Object.entries({ 'start.ipxe': start, kernel: 'x' }));
  const result = await interpretStart(
    async (path) => {
      const content = files.get(path);
      return content === undefined ? undefined : { start: content };
    },
    { model: processor, ...network },
  );
  return result.kind === 'boot' ? result.plan.commandLine : JSON.stringify(result);
}

for (const [build, processor, model] of [
  ['x86_64', 'pc-x86-64', 'pc-x86-64'],
  ['i386', 'pc-x86-64', 'pc-x86-64'],
  ['i386', 'pc-x86-32', 'pc-x86-32'],
  ['arm64', 'pc-arm64', 'pc-arm64'],
] as const) {
  test(`iPXE built for ${build} on the processor of a ${processor} announces ${model}`, async (t) => {
    t.is(await announced(build, processor), `walt.node.${model}`);
  });
}
