import test from 'ava';
import { inputs } from '../../../scripts/inputs/sources.ts';
import { componentOf } from '../../../scripts/release/sbom.ts';

test('componentOf() knows licence, origin and hash of each input', (t) => {
  for (const input of Object.values(inputs)) {
    const { licenses, hashes, externalReferences } = componentOf(input);
    t.regex(JSON.stringify(licenses), /^\[\{"expression":"[A-Za-z0-9. -]+"\}\]$/);
    t.deepEqual(hashes, [{ alg: 'SHA-256', content: input.sha256 }]);
    t.regex(JSON.stringify(externalReferences), /"url":"https:/);
  }
});

test('componentOf() asks for the licence of what has none', (t) => {
  const input = { ...inputs.ipxe, package: 'stranger' };
  t.throws(() => componentOf(input), { message: /^Cannot list stranger: add its licence/ });
});
