// Where a platform keeps its things, below its state folder and below the project.
import { join } from 'node:path';

/** All of these paths, absolute. */
export type PlatformPaths = ReturnType<typeof platformPaths>;

/** @param root the project's folder @param state the platform's own */
export function platformPaths(root: string, state: string) {
  return {
    root,
    folder: state,
    config: join(state, 'config.yaml'),
    serverState: join(state, 'state'),
    serverLog: join(state, 'server.log'),
    platformLog: join(state, 'platform.log'),
    compiled: join(state, 'compiled'),
    socket: join(state, 'walt-server.sock'),
    launcher: join(state, 'bin/walt'),
    importedImage: join(state, 'imported-image.json'),
    node: join(root, 'node_modules/.bin/node'),
    server: join(root, 'release/dist/walt-server'),
    cli: join(root, 'release/dist/walt'),
    image: join(root, 'release/dist/images/pc-x86-64.oci.tar'),
  } as const;
}
