// What a build is going to do, decided before anything is touched: the inputs it needs and the steps it takes.
import { fileName, type Input } from '../inputs/input.ts';
import type { Step } from './step.ts';

/** A whole build. The last step writes `output`; `tools` are folders of unpacked inputs whose programs the steps run. */
export type Plan = {
  readonly output: string;
  /** A folder that the steps made, published unpacked beside the output. */
  readonly folder?: string;
  readonly inputs: readonly Input[];
  readonly tools: readonly string[];
  readonly steps: readonly Step[];
};

/** The plan as text, a line for each input and each step. */
export function printPlan({ output, inputs, steps, folder }: Plan): string {
  const lines = [
    ...inputs.map((input) => `fetch    ${fileName(input)} sha256:${input.sha256}`),
    ...steps.map((step) => `${step.kind.padEnd(8)} ${describeStep(step)}`),
    `output   ${output}`,
    ...(folder === undefined ? [] : [`output   ${folder}/`]),
  ];
  return `${lines.join('\n')}\n`;
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case 'unpack':
      return `${fileName(step.input)} -> ${step.to}/`;
    case 'tree':
      return `${step.files.map(({ path }) => path).join(' ')} -> ${step.to}/`;
    case 'fat16':
    case 'fat32':
      return `${step.tree}/ -> ${step.to} (${step.mebibytes} MiB, label ${step.label}, id ${hex(step.id)})`;
    case 'syslinux':
      return `boot loader into ${step.partition}`;
    case 'disk':
      return `${step.bootCode ?? 'no boot code'} + ${step.partition} -> ${step.to} (type ${hex(step.type)}, at sector ${step.firstSector}, id ${hex(step.id)})`;
    case 'tar':
      return `${step.tree}/ -> ${step.to}`;
    case 'u-boot':
      return `${step.names.join(' ')}${step.isDebug ? ' (debug)' : ''} -> ${step.to}/`;
    case 'eeprom':
      return `${fileName(step.input)} + ${step.settings} -> ${step.to} ${step.signature}`;
    case 'initramfs':
      return `${step.files.map(({ path }) => path).join(' ')}, modules of ${step.kernel} -> ${step.to}`;
    case 'overlay':
      return `${step.artifact} -> ${step.to}`;
    case 'gzip':
      return `${step.from} -> ${step.to}`;
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
