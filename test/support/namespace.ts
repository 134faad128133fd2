// Network namespaces as the platform makes them, which go with the test that made them whatever becomes of it.
import * as platform from '../../lab/network/namespace.ts';
import { watchOver } from '../../lab/programs/watchdog.ts';

export type { Namespace } from '../../lab/network/namespace.ts';

export const createNamespace: typeof platform.createNamespace = async (name, options) => {
  watchOver({ namespaces: [name] });
  return await platform.createNamespace(name, options);
};
