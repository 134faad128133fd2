// `walt-server-workshop`: runs the containers in which people change images, for the server, at a socket of systemd.
import { readConfig } from '../../config/read-config.ts';
import { realFolder } from '../../host/folders/real-folder.ts';
import { ownContainers } from '../../images/workshop/own-containers.ts';
import { runUnitProgram } from '../unit-program.ts';
import { workshopServer } from './workshop-server.ts';

const USAGE = `Usage: walt-server-workshop --config FILE

Runs the containers in which people change images, for walt-server. walt-workshop.socket of systemd starts it.
`;

await runUnitProgram({
  usage: USAGE,
  umask: 0o022,
  serve: (config, options) =>
    workshopServer({
      ...options,
      state: async () => await realFolder((await readConfig(config)).state),
      containers: ownContainers,
    }),
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
});
