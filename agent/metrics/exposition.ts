// Families of numbers as Prometheus reads them.
import type { Family, Labels, Sample } from './instruments.ts';

/** The text of all families, in their order. @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function expositionText(families: readonly Family[]): string {
  return families.map(familyText).join('');
}

function familyText(family: Family): string {
  const { name, help, type } = family;
  return [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
    ...family.samples().map((sample) => sampleText(name, sample)),
    '',
  ].join('\n');
}

function sampleText(name: string, { suffix = '', labels, value }: Sample): string {
  return `${name}${suffix}${labelsText(labels)} ${value}`;
}

function labelsText(labels: Labels): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return '';
  return `{${entries.map(([label, value]) => `${label}="${escaped(value)}"`).join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
