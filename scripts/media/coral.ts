// `coral-devb-boot.tar.gz`: what the owner of a Coral Dev Board unpacks in its /boot. See boot-artifacts/coral/README.md.
import type { Plan } from '../steps/plan.ts';
import type { TreeFile } from '../steps/step.ts';
import type { Medium } from './medium.ts';

export const coral: Medium = {
  name: 'coral',
  summary: 'boot script for the Coral Dev Board: coral-devb-boot.tar.gz',
  plan: planCoral,
};

const FILES: readonly TreeFile[] = [
  { path: 'boot.scr', from: { uBootScript: 'coral/boot.cmd' } },
  { path: 'walt/README.TXT', from: { artifact: 'coral/README.TXT' } },
  {
    path: 'walt/VERSION.TXT',
    from: { text: 'medium:  coral-devb-boot\ncontent: @VERSION@\n' },
    isVersioned: true,
  },
  { path: 'walt/boot.cmd', from: { artifact: 'coral/boot.cmd' } },
];

function planCoral(): Plan {
  return {
    output: 'coral-devb-boot.tar.gz',
    inputs: [],
    tools: [],
    steps: [
      { kind: 'tree', files: FILES, to: 'tree' },
      {
        kind: 'tar',
        tree: 'tree',
        files: FILES.map(({ path }) => path),
        to: 'coral-devb-boot.tar',
      },
      { kind: 'gzip', from: 'coral-devb-boot.tar', to: 'coral-devb-boot.tar.gz' },
    ],
  };
}
