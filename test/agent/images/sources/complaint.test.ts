// What programs write when they fail, as they write it (skopeo 1.9, buildah 1.28, umoci 0.4, git 2.39, tar 1.34).
import test from 'ava';
import { WaltError } from '../../../../agent/errors.ts';
import { complaintOf } from '../../../../agent/images/sources/complaint.ts';

const cases: readonly (readonly [program: string, message: string, complaint: string])[] = [
  [
    'skopeo',
    'skopeo --insecure-policy failed (1): time="2026-01-01T00:00:00Z" level=warning msg="slow"\n' +
      'time="2026-01-01T00:00:00Z" level=fatal msg="reading manifest v1: \\"no\\" such\\nthing"',
    'reading manifest v1: "no" such thing',
  ],
  [
    'buildah',
    'buildah --root failed (125): Error: error building at STEP "RUN false": exit status 1\n' +
      'time="2026-01-01T00:00:00Z" level=error msg="exit status 1"',
    'error building at STEP "RUN false": exit status 1',
  ],
  [
    'umoci',
    'umoci raw failed (1):    ⨯ unpack layer: invalid header',
    'unpack layer: invalid header',
  ],
  [
    'git',
    "git clone failed (128): fatal: repository 'x' not found\n\n",
    "repository 'x' not found",
  ],
  [
    'tar',
    'tar -xf failed (2): a\nb\ntar: This does not look like a tar archive\ntar: Skipping\ntar: Exiting',
    'tar: This does not look like a tar archive; tar: Skipping; tar: Exiting',
  ],
  ['a program that says nothing', 'rsync --archive failed (SIGKILL): ', 'rsync failed (SIGKILL)'],
  ['no program', 'it is not there', 'it is not there'],
];

for (const [program, message, complaint] of cases) {
  test(`complaintOf() says what ${program} says`, (t) => {
    t.is(complaintOf(new WaltError(message)), complaint);
  });
}

test('complaintOf() leaves the end of what is too long', (t) => {
  const text = complaintOf(new WaltError(`git clone failed (1): ${'x'.repeat(1000)} end`));
  t.true(text.length < 510);
  t.regex(text, /^….* end$/);
});
