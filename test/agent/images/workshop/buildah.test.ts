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

test('explained() says where the image is looked for that a Dockerfile starts from', (t) => {
  const said =
    'creating build container: short-name "alice/web" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"';
  t.regex(
    explained(said, 'build'),
    /this server has no image alice\/web \(walt image show --all\)/,
  );
});
