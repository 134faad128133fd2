// Which folder may import what: the one table of the layers, from what knows nothing up to what knows all.
import type { ImportTable } from './import-rules.ts';

const agent = (names: string) => names.split(' ').map((name) => `agent/${name}`);

const FILES = ['node:fs', 'node:path'];
export const IMPORT_TABLE: ImportTable = {
  rules: [
    // Pure: no socket, file, timer or logger.
    { folder: 'agent/errors.ts', may: [], builtins: [], packages: [] },
    { folder: 'agent/version.ts', may: [], builtins: [], packages: [] },
    { folder: 'agent/protocol', may: [], builtins: [], packages: [] },
    { folder: 'agent/boot', may: agent('protocol'), builtins: [], packages: [] },

    {
      folder: 'agent/settings',
      may: [],
      types: { 'agent/devices': 'settings are of a device, and some are of some devices only' },
      builtins: [],
      packages: [],
    },

    // What every part of the server is told or uses.
    {
      folder: 'agent/config',
      may: agent('errors.ts protocol'),
      types: { 'agent/boot': 'the configuration becomes the facts that boot decides by' },
      builtins: [...FILES, 'node:net'],
      packages: ['yaml', 'zod'],
    },
    {
      folder: 'agent/host',
      may: agent('errors.ts'),
      builtins: 'any',
      packages: ['@lydell/node-pty'],
    },
    {
      folder: 'agent/store',
      may: agent('errors.ts host'),
      types: {
        'agent/boot': 'the port says what it keeps in the words of who asks for it',
        'agent/devices': 'the same',
        'agent/images/content': 'the same',
      },
      builtins: 'any',
      packages: ['kysely'],
    },

    // What the server knows and does. It opens no socket.
    {
      folder: 'agent/events',
      may: agent('boot host protocol'),
      types: {
        'agent/devices': 'an event names the device that it is about',
        'agent/settings': 'and what was set of it',
      },
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/events/feed',
      may: agent('errors.ts events host store'),
      types: { 'agent/devices': 'a follower is told of devices as callers see them' },
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/metrics',
      may: [],
      types: { 'agent/devices': 'nodes are counted by what is known of them' },
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/events/reactions',
      may: agent(
        'errors.ts access boot boots devices events events/feed host hot images/intake journal keeping metrics nfs nodes protocol',
      ),
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/journal',
      may: agent('errors.ts boot events host store'),
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/devices',
      may: agent('errors.ts boot events host protocol store'),
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/addresses',
      may: agent('errors.ts boot devices events host protocol'),
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/boots',
      may: agent('errors.ts boot devices events host nfs protocol store'),
      builtins: ['node:fs'],
      packages: [],
    },
    {
      folder: 'agent/healing',
      may: agent('errors.ts boot boots devices events host settings store'),
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/nodes',
      may: [
        ...agent('errors.ts boot boots devices events host images/content keeping machines power'),
        ...agent('protocol settings store/records'),
      ],
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/access',
      may: agent('errors.ts host store'),
      builtins: ['node:crypto', 'node:net', 'node:util', ...FILES],
      packages: ['@peculiar/x509', 'reflect-metadata'],
    },
    {
      // What speaks to the provider is loaded when somebody signs in by it.
      folder: 'agent/access/openid',
      may: agent('errors.ts access host store'),
      builtins: ['node:crypto', 'node:http', 'node:https'],
      packages: ['openid-client'],
    },

    // What the server does by other programs and files.
    {
      folder: 'agent/machines',
      may: agent('errors.ts events host protocol settings'),
      builtins: 'any',
      packages: ['systeminformation'],
    },
    {
      folder: 'agent/snmp',
      may: agent('errors.ts'),
      builtins: ['node:dgram', 'node:events'],
      packages: ['net-snmp'],
    },
    {
      folder: 'agent/secrets',
      may: agent('errors.ts host protocol'),
      builtins: FILES,
      packages: [],
    },
    {
      folder: 'agent/switches',
      may: agent('errors.ts devices host protocol secrets settings snmp store'),
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/consoles',
      may: agent('errors.ts host protocol settings'),
      builtins: 'any',
      packages: [],
    },
    {
      folder: 'agent/power',
      may: agent('errors.ts devices events host protocol secrets settings snmp store switches'),
      builtins: 'any',
      packages: [],
    },
    {
      folder: 'agent/names',
      may: agent('errors.ts boot devices host protocol'),
      builtins: 'any',
      packages: [],
    },
    {
      folder: 'agent/nfs',
      may: agent('errors.ts devices events host protocol'),
      builtins: 'any',
      packages: [],
    },
    {
      folder: 'agent/keeping',
      may: agent('errors.ts devices host images/content nfs settings'),
      builtins: FILES,
      packages: [],
    },
    {
      folder: 'agent/hot',
      may: agent('errors.ts devices host net/ffi'),
      builtins: [...FILES, 'node:timers/promises'],
      packages: [],
    },
    {
      folder: 'agent/hot/trials',
      may: agent('errors.ts boot devices events host hot machines'),
      builtins: [],
      packages: [],
    },
    {
      folder: 'agent/identities',
      may: agent('errors.ts host protocol'),
      builtins: ['node:crypto', ...FILES],
      packages: [],
    },
    {
      folder: 'agent/ssh',
      may: agent('errors.ts devices host identities nodes'),
      builtins: ['node:crypto', ...FILES],
      packages: [],
    },
    {
      folder: 'agent/images/content',
      may: agent('errors.ts boot host protocol store'),
      builtins: 'any',
      packages: ['yaml', 'zod'],
    },
    {
      folder: 'agent/images/sources',
      may: agent('errors.ts boot config host images/content net/outside.ts'),
      builtins: 'any',
      packages: [],
    },
    {
      folder: 'agent/images/intake',
      may: agent('errors.ts boot config devices events host images/content images/sources store'),
      builtins: 'any',
      packages: [],
    },
    {
      folder: 'agent/images/uploads',
      may: agent('errors.ts host images/content'),
      builtins: 'any',
      packages: [],
    },
    {
      folder: 'agent/images/workshop',
      may: agent('errors.ts config events host images/content images/sources images/intake'),
      builtins: 'any',
      packages: [],
    },

    {
      folder: 'agent/media',
      may: agent('host'),
      builtins: ['node:crypto', ...FILES],
      packages: [],
    },

    { folder: 'agent/doc', may: [], builtins: [], packages: [] },
    {
      folder: 'agent/backup',
      may: agent('errors.ts config host machines store'),
      builtins: 'any',
      packages: ['zod'],
    },

    // What arrives, and how.
    {
      folder: 'agent/handlers',
      may: [
        ...agent('errors.ts access addresses boot boots devices events host'),
        ...agent('doc hot identities images/content keeping media nodes protocol settings'),
      ],
      builtins: FILES,
      packages: [],
    },
    // Calls of Linux that Node lacks. A wrong length there ends the server, so that nothing else is in it.
    { folder: 'agent/net/ffi', may: agent('protocol'), builtins: ['node:os'], packages: ['koffi'] },
    {
      folder: 'agent/net',
      may: agent('errors.ts handlers host net/ffi protocol'),
      types: { 'agent/events': 'a server passes on what its handler says has happened' },
      builtins: 'any',
      packages: [],
    },
    {
      folder: 'agent/doctor',
      may: agent('errors.ts access/certificate-ends.ts boot host machines media net nfs protocol'),
      builtins: 'any',
      packages: ['systeminformation'],
    },
    {
      folder: 'agent/api',
      may: [
        ...agent(
          'errors.ts access access/openid boot boots devices doctor events host hot images journal keeping',
        ),
        ...agent('events/feed metrics'),
        ...agent('config/schema-fields.ts consoles healing machines media nodes power protocol'),
        ...agent('secrets settings ssh switches'),
      ],
      builtins: 'any',
      packages: ['fastify', 'fastify-type-provider-zod', 'ws', 'zod'],
    },

    // What puts all together.
    {
      folder: 'agent/start',
      may: [
        ...agent(
          'errors.ts version.ts access access/openid addresses api boot boots config devices doctor',
        ),
        ...agent(
          'metrics events events/feed events/reactions handlers helper host hot hot/trials identities images journal keeping machines media',
        ),
        ...agent(
          'consoles healing names net net/ffi nfs nodes power protocol secrets settings snmp ssh',
        ),
        ...agent('store switches'),
      ],
      builtins: ['node:crypto', 'node:os', ...FILES],
      packages: [],
    },
    {
      folder: 'agent/helper',
      may: agent(
        'errors.ts config consoles/open-line.ts helper/workshop host hot/resident-files.ts images/workshop machines names net nfs power/driver.ts power/power-program.ts protocol',
      ),
      builtins: 'any',
      packages: ['zod'],
    },
    {
      folder: 'agent/helper/workshop',
      may: agent(
        'errors.ts config helper/json-lines.ts helper/line-server.ts helper/paths.ts helper/reach.ts helper/unit-program.ts host images/workshop',
      ),
      builtins: 'any',
      packages: ['zod'],
    },
    {
      folder: 'agent/service',
      may: agent('errors.ts version.ts config host net net/ffi/unix-datagram.ts protocol start'),
      types: { 'agent/helper': 'who has more rights is handed on' },
      builtins: ['node:child_process', 'node:events', 'node:module', ...FILES],
      packages: [],
    },
    {
      folder: 'agent/main.ts',
      may: agent(
        'errors.ts version.ts api/description/api-help.ts backup config helper helper/workshop host images/workshop machines net nfs protocol service settings start/api/certificate-commands.ts store/sqlite/schema/migrations.ts',
      ),
      builtins: ['node:util', ...FILES],
      packages: [],
    },

    {
      folder: 'agent/setup',
      may: agent('errors.ts config doctor host nfs protocol'),
      builtins: 'any',
      packages: ['yaml'],
    },

    // The command is a program of its own.
    {
      folder: 'agent/cli',
      // How others' text and sizes are shown, what was meant, and what a yes is, are questions of several programs; these files import nothing.
      may: agent(
        'errors.ts version.ts host/text/nearest.ts host/text/shown-text.ts host/text/size-text.ts host/text/yes-or-no.ts ssh/copy-scripts.ts',
      ),
      types: { 'agent/api': 'a request and its reply have one type at both ends' },
      builtins: 'any',
      packages: ['marked', 'ws'],
    },

    // The page runs in browsers: it knows the server by the table of calls alone.
    {
      folder: 'page',
      may: ['agent/cli/endpoints.json', 'agent/host/text/size-text.ts'],
      types: {
        'agent/api': 'a request and its reply have one type at both ends',
        'agent/events': 'an event has one type at both ends',
      },
      builtins: [],
      packages: [
        ...['preact', '@preact/signals', '@dagrejs/dagre'],
        ...['@xterm/xterm', '@xterm/addon-fit'],
      ],
    },

    // What is no part of the server.
    {
      folder: 'scripts',
      may: [],
      builtins: 'any',
      packages: ['esbuild', 'marked', 'oxc-parser', 'zx'],
    },
    { folder: 'release', may: [], builtins: 'any', packages: [] },
    // What people install beside nothing else; its examples use it by its name, as they do.
    { folder: 'clients/typescript', may: [], builtins: 'any', packages: ['walt-api'] },
    {
      folder: 'lab',
      may: [
        ...agent('errors.ts host machines net net/ffi nfs/ganesha protocol ssh/quote.ts'),
        'scripts',
      ],
      builtins: 'any',
      packages: ['net-snmp', 'oidc-provider', 'yaml'],
    },
    {
      folder: 'bench',
      may: ['agent', 'lab', 'scripts'],
      builtins: 'any',
      packages: ['fastify', 'kysely', 'playwright-core'],
    },

    // Tests: no kind of test imports another kind.
    {
      folder: 'test/bench',
      may: ['bench'],
      builtins: ['node:fs/promises'],
      packages: ['ava'],
    },
    {
      folder: 'test/support',
      may: ['agent', 'lab', 'scripts'],
      builtins: 'any',
      packages: ['ava', 'axe-core', 'playwright-core', 'ws', 'yaml'],
    },
    {
      folder: 'test/agent',
      // The server's table of models and that of the builds have to name the same: a test compares them.
      may: ['agent', 'lab', 'scripts/boards.ts', 'test/support'],
      builtins: 'any',
      packages: ['ajv', 'ava', 'esbuild', 'fast-check', 'fastify', 'kysely', 'ws', 'zod'],
    },
    {
      folder: 'test/scripts',
      // A stick's configuration of GRUB waits as the one does that the server writes, and the stick with Linux reads those: tests
      // compare them. So it is with the manual page and the table of commands.
      may: ['agent/boot/grub', 'agent/boot/local', 'agent/cli', 'lab', 'scripts', 'test/support'],
      builtins: 'any',
      packages: ['ava', 'esbuild'],
    },
    {
      folder: 'test/page',
      may: ['agent', 'lab', 'page', 'scripts', 'test/support'],
      builtins: 'any',
      packages: ['ava'],
    },
    ...['lab', 'fuzz', 'loopback', 'qemu', 'matrix'].map((kind) => ({
      folder: `test/${kind}`,
      may: ['agent', 'lab', 'scripts', 'test/support'],
      builtins: 'any' as const,
      packages: ['ava'],
    })),
    {
      folder: 'test/release',
      may: ['lab', 'scripts', 'test/support'],
      builtins: 'any',
      // What checks a release is not what made it.
      packages: ['@actions/workflow-parser', 'ajv', 'ava', 'esbuild', 'yaml'],
    },
    ...['boot-artifacts', 'buildroot-overlay', 'docs'].map((kind) => ({
      folder: `test/${kind}`,
      may: ['agent', 'lab', 'release', 'scripts', 'test/support'],
      builtins: 'any' as const,
      packages: ['ava'],
    })),
  ],
  leaving: {},
  circles: {},
};
