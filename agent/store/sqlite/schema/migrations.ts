// The numbered steps from an empty database to the present one. A released step is never edited: add one.
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { hideSecretsInLog } from './secrets-in-log.ts';

export const migrations: Record<string, Migration> = {
  '001-devices-images-logs': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('devices')
        .addColumn('mac', 'text', (column) => column.primaryKey())
        .addColumn('ip', 'text', (column) => column.notNull().unique())
        .addColumn('name', 'text', (column) => column.notNull().unique())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('model', 'text')
        .addColumn('image', 'text')
        .addColumn('root', 'text')
        .addColumn('first_seen', 'integer', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('images')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('digest', 'text', (column) => column.notNull())
        .addColumn('models', 'text', (column) => column.notNull())
        .addColumn('size', 'integer', (column) => column.notNull())
        .addColumn('created', 'integer', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('logs')
        .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('at', 'integer', (column) => column.notNull())
        .addColumn('issuer', 'text', (column) => column.notNull())
        .addColumn('stream', 'text', (column) => column.notNull())
        .addColumn('line', 'text', (column) => column.notNull())
        .execute();
      await database.schema.createIndex('logs_at').on('logs').column('at').execute();
    },
  },
  '002-boots': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('boots')
        .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('mac', 'text', (column) => column.notNull().references('devices.mac'))
        .addColumn('started', 'integer', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .execute();
      await database.schema.createIndex('boots_mac').on('boots').column('mac').execute();
      await database.schema
        .createTable('boot_stages')
        .addColumn('boot', 'integer', (column) =>
          column.notNull().references('boots.id').onDelete('cascade'),
        )
        .addColumn('at', 'integer', (column) => column.notNull())
        .addColumn('stage', 'text', (column) => column.notNull())
        .addColumn('detail', 'text', (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('boot_stages_boot')
        .on('boot_stages')
        .column('boot')
        .execute();
    },
  },
  '003-leases': {
    async up(database: Kysely<unknown>) {
      // SQLite adds one column a statement.
      for (const column of ['lease_until', 'released_at']) {
        await database.schema.alterTable('devices').addColumn(column, 'integer').execute();
      }
    },
  },
  '004-image-records': {
    async up(database: Kysely<unknown>) {
      for (const [column, empty] of [
        ['labels', '{}'],
        ['layers', '[]'],
      ] as const) {
        await database.schema
          .alterTable('images')
          .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(empty))
          .execute();
      }
      await database.schema
        .alterTable('images')
        .addColumn('used', 'integer', (definition) => definition.notNull().defaultTo(0))
        .execute();
    },
  },
  '005-serial': {
    async up(database: Kysely<unknown>) {
      await database.schema.alterTable('devices').addColumn('serial', 'text').execute();
    },
  },
  '006-host-name': {
    async up(database: Kysely<unknown>) {
      await database.schema.alterTable('devices').addColumn('host_name', 'text').execute();
    },
  },
  '007-attempts': {
    async up(database: Kysely<unknown>) {
      // Nobody counted until now: no node is in trouble.
      await database.schema
        .alterTable('boots')
        .addColumn('attempt', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
    },
  },
  '008-first-file': {
    async up(database: Kysely<unknown>) {
      await database.schema.alterTable('devices').addColumn('first_file', 'integer').execute();
      // What an earlier version knew may not lose its address, whatever became of the records of its boots.
      await sql`
        UPDATE devices SET first_file = first_seen WHERE type = 'node' OR mac IN
          (SELECT mac FROM boots WHERE state <> 'dhcp')
      `.execute(database);
    },
  },
  '009-settings': {
    async up(database: Kysely<unknown>) {
      for (const [column, type] of [
        ['settings', 'text'],
        ['machine', 'text'],
        ['boots_local', 'integer'],
      ] as const) {
        await database.schema.alterTable('devices').addColumn(column, type).execute();
      }
    },
  },
  '010-log-sources': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createIndex('logs_source')
        .on('logs')
        .columns(['issuer', 'stream'])
        .execute();
    },
  },
  '011-log-senders': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('log_senders')
        .addColumn('mac', 'text', (column) => column.notNull())
        .addColumn('sender', 'text', (column) => column.notNull())
        .addColumn('count', 'integer', (column) => column.notNull())
        .addColumn('last', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('log_senders_key', ['mac', 'sender'])
        .execute();
    },
  },
  '012-checkpoints': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('checkpoints')
        .addColumn('user', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('at', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('checkpoints_key', ['user', 'name'])
        .execute();
    },
  },
  '013-log-blocks': {
    async up(database: Kysely<unknown>) {
      // Times of nodes are in no order, but ids are: which blocks of ids have a time is found with one look each.
      await database.schema.dropIndex('logs_at').execute();
      await sql`CREATE INDEX logs_time ON logs (id / 8192, at)`.execute(database);
      await database.schema
        .createTable('log_renames')
        .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('from_name', 'text', (column) => column.notNull())
        .addColumn('to_name', 'text', (column) => column.notNull())
        .addColumn('until', 'integer', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('log_sizes')
        .addColumn('stream', 'text', (column) => column.primaryKey())
        .addColumn('bytes', 'integer', (column) => column.notNull())
        .execute();
      await sql`INSERT INTO log_sizes SELECT stream, sum(length(CAST(line AS BLOB)) + 100) FROM logs
        GROUP BY stream`.execute(database);
      await sql`CREATE TRIGGER logs_deleted AFTER DELETE ON logs BEGIN
        UPDATE log_sizes SET bytes = bytes - length(CAST(old.line AS BLOB)) - 100
          WHERE stream = old.stream;
        DELETE FROM log_sizes WHERE stream = old.stream AND bytes <= 0;
      END`.execute(database);
    },
  },
  '016-ports': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('places')
        .addColumn('mac', 'text', (column) => column.primaryKey())
        .addColumn('switch', 'text', (column) => column.notNull())
        .addColumn('port', 'integer', (column) => column.notNull())
        .addColumn('seen_at', 'integer', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('ports')
        .addColumn('switch', 'text', (column) => column.notNull())
        .addColumn('port', 'integer', (column) => column.notNull())
        .addColumn('name', 'text')
        .addColumn('off_since', 'integer')
        .addPrimaryKeyConstraint('ports_key', ['switch', 'port'])
        .execute();
    },
  },
  '017-boot-content': {
    async up(database: Kysely<unknown>) {
      for (const column of ['model', 'image']) {
        await database.schema.alterTable('boots').addColumn(column, 'text').execute();
      }
      // What helps a board is kept as one text: a server that starts again goes on where it was.
      await database.schema
        .createTable('healing')
        .addColumn('mac', 'text', (column) => column.primaryKey().references('devices.mac'))
        .addColumn('series', 'text', (column) => column.notNull())
        .addColumn('counts', 'text', (column) => column.notNull())
        .execute();
    },
  },
  '018-power-saving': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('asleep')
        .addColumn('mac', 'text', (column) => column.primaryKey())
        .addColumn('since', 'integer', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('power_learnt')
        .addColumn('switch', 'text', (column) => column.notNull())
        .addColumn('model', 'text', (column) => column.notNull())
        .addColumn('watts', 'text', (column) => column.notNull())
        .addColumn('gap', 'integer', (column) => column.notNull())
        .addColumn('boards', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('power_learnt_key', ['switch', 'model'])
        .execute();
    },
  },
  '019-users': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('users')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('password', 'text')
        .addColumn('created', 'integer', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('tokens')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('user', 'text', (column) => column.notNull().references('users.name'))
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull().unique())
        .addColumn('created', 'integer', (column) => column.notNull())
        .addColumn('expires', 'integer', (column) => column.notNull())
        .execute();
    },
  },
  '020-events': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('events')
        .addColumn('run', 'integer', (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('data', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('events_key', ['run', 'number'])
        .execute();
    },
  },
  '021-sessions': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('sessions')
        .addColumn('hash', 'text', (column) => column.primaryKey())
        .addColumn('user', 'text', (column) => column.notNull().references('users.name'))
        .addColumn('created', 'integer', (column) => column.notNull())
        .addColumn('expires', 'integer', (column) => column.notNull())
        .execute();
    },
  },
  '022-cycling': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('cycling')
        .addColumn('mac', 'text', (column) => column.primaryKey())
        .addColumn('since', 'integer', (column) => column.notNull())
        .execute();
    },
  },
  '024-makers-of-tokens': {
    async up(database: Kysely<unknown>) {
      await database.schema.alterTable('tokens').addColumn('maker', 'text').execute();
    },
  },
  '025-users-of-providers': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .alterTable('users')
        .addColumn('disabled', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      for (const name of ['issuer', 'subject']) {
        await database.schema.alterTable('users').addColumn(name, 'text').execute();
      }
    },
  },
  '026-secrets-in-log': { up: hideSecretsInLog },
  '027-device-journal': {
    async up(database: Kysely<unknown>) {
      await database.schema
        .createTable('device_journal')
        .addColumn('id', 'integer', (column) => column.notNull())
        .addColumn('applied', 'integer', (column) => column.notNull())
        .execute();
    },
  },
};
