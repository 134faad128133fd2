// Who may use the server from other machines, for administrators.
import { useEffect, useState } from 'preact/hooks';
import { Box } from '../../parts/box.tsx';
import { Empty } from '../../parts/empty.tsx';
import { TableHead, useSorted } from '../../parts/lists/column-heads.tsx';
import { call } from '../../server/client.ts';
import { may, me, ROLES } from '../../state/me.ts';
import { notify, trying } from '../../state/notices.ts';
import type { Column } from '../../state/sorting.ts';
import { dayText } from '../../state/times.ts';
import { texts } from '../../texts.ts';
import { type Token, TokenTable } from './tokens.tsx';
import { ChangeUser, CreateUser, DisableUser, RemoveUser, type User } from './user-dialogs.tsx';

type Asked =
  | { readonly kind: 'create' }
  | { readonly kind: 'change' | 'disable' | 'remove'; readonly user: User };

const says = texts.users;
const COLUMNS: readonly Column<User>[] = [
  { key: 'name', title: says.columns.name, by: ({ name }) => name },
  { key: 'role', title: says.columns.role, by: ({ role }) => ROLES.indexOf(role) },
  { key: 'way', title: says.columns.way, by: wayOf },
  { key: 'created', title: says.columns.created, by: ({ created }) => created },
  { key: 'actions', title: says.columns.actions },
];

/** The page. */
export function UsersPage() {
  const [known, setKnown] = useState<{ users: readonly User[]; tokens: readonly Token[] }>();
  const [asked, setAsked] = useState<Asked>();
  const load = () =>
    trying(async () => {
      const [{ users }, { tokens }] = await Promise.all([
        call('users.list'),
        call('tokens.list', { all: true }),
      ]);
      setKnown({ users, tokens });
    });
  const isAdmin = may('admin');
  useEffect(() => {
    if (isAdmin) load();
  }, [isAdmin]);
  if (!isAdmin) {
    return <Empty title={texts.notFound.title} text={texts.notFound.text} isPage />;
  }
  if (known === undefined) return <p class="loading">{texts.loading}</p>;
  const leave = () => {
    setAsked(undefined);
    load();
  };
  return (
    <section class="page">
      <header class="bar">
        <h1>
          {says.title} <small>{says.count(known.users.length)}</small>
        </h1>
        <div class="buttons">
          <button type="button" onClick={() => setAsked({ kind: 'create' })}>
            {says.create}
          </button>
        </div>
      </header>
      <p class="lead">{says.lead}</p>
      <UserTable users={known.users} onAsk={setAsked} onChanged={load} />
      <Box title={says.tokens}>
        <TokenTable tokens={known.tokens} label={says.tokens} hasUsers onGone={load} />
      </Box>
      {asked?.kind === 'create' ? <CreateUser onClose={leave} /> : null}
      {asked?.kind === 'change' ? <ChangeUser user={asked.user} onClose={leave} /> : null}
      {asked?.kind === 'disable' ? <DisableUser name={asked.user.name} onClose={leave} /> : null}
      {asked?.kind === 'remove' ? <RemoveUser name={asked.user.name} onClose={leave} /> : null}
    </section>
  );
}

type TableProps = {
  readonly users: readonly User[];
  readonly onAsk: (asked: Asked) => void;
  readonly onChanged: () => void;
};

function UserTable({ users, ...told }: TableProps) {
  const shown = useSorted(users, { columns: COLUMNS });
  return (
    <div class="scrolls box" tabIndex={0} role="region" aria-label={says.title}>
      <table>
        <TableHead columns={COLUMNS} />
        <tbody>
          {shown.map((user) => (
            <tr key={user.name}>
              <td>
                <b>{user.name}</b>
                {user.isDisabled ? <span class="tag">{says.disabled}</span> : null}
              </td>
              <td>{user.role}</td>
              <td>{wayOf(user)}</td>
              <td class="nowrap">{dayText(user.created)}</td>
              <td>
                <Tools user={user} {...told} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Nobody takes their own rights away: another administrator does. */
function Tools({ user, onAsk, onChanged }: Omit<TableProps, 'users'> & { readonly user: User }) {
  const { name, isDisabled } = user;
  if (name === me.value?.user) return <span class="hint">{says.you}</span>;
  const button = (text: string, onClick: () => void) => (
    <button type="button" aria-label={says.about(text, name)} onClick={onClick}>
      {text}
    </button>
  );
  const enable = () =>
    trying(async () => {
      await call('users.change', { name, isDisabled: false });
      notify('good', says.enabledNow(name));
      onChanged();
    });
  return (
    <span class="buttons">
      {button(says.change, () => onAsk({ kind: 'change', user }))}
      {isDisabled
        ? button(says.enable, enable)
        : button(says.disable, () => onAsk({ kind: 'disable', user }))}
      {button(says.remove, () => onAsk({ kind: 'remove', user }))}
    </span>
  );
}

function wayOf({ provider, hasPassword }: User): string {
  if (provider !== null) return provider;
  return hasPassword ? says.ways.password : says.ways.tokens;
}
