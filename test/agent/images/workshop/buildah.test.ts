import test from 'ava';
import { explained } from '../../../../agent/images/workshop/buildah.ts';

test('explained() names the package that buildah of Debian 13 lacks', (t) => {
  const said =
    'could not find "netavark" in one of [/usr/lib/podman].  To resolve this error, set the helper_binaries_dir key';
  t.regex(explained(said, 'inspect'), /^Cannot change images: .*apt install netavark$/);
});

test('explained() names what buildah was to do', (t) => {
  t.is(explained('no', 'copy'), 'Cannot copy into the image: no');
});
