// How a server whose walt-net is virtual, and leads nowhere, reaches registries and repositories: by a proxy at its own loopback, which
// systemd opens there, and whose program is in the network of the machine (walt-server-outside).

type Environment = Readonly<Record<string, string | undefined>>;

type Place = {
  /** of walt-net, if it is virtual */
  readonly namespace: string | undefined;
  /** of the server on walt-net: nobody is asked for that */
  readonly address: string;
};

/** Names its URL. The unit sets it, whatever walt-net is. */
export const OUTSIDE = 'WALT_OUTSIDE';

/**
 * Variables that change, undefined for those that go. Programs that are started (skopeo, git) know HTTP_PROXY and its kind, and Node.js
 * looks at them for `fetch` where it began with NODE_USE_ENV_PROXY.
 */
export function outsideVariables(env: Environment, { namespace, address }: Place): Environment {
  const proxy = env[OUTSIDE];
  if (namespace === undefined || proxy === undefined) return { [OUTSIDE]: undefined };
  const own = ['localhost', '127.0.0.1', address].join(',');
  return {
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: own, NODE_USE_ENV_PROXY: '1' },
    // Go reads HTTP_PROXY; curl, which git uses, the small one.
    ...{ http_proxy: proxy, https_proxy: proxy, no_proxy: own },
  };
}
