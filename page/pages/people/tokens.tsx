// Tokens: a table of them, a new one that is shown once, and their end.
import { useRef, useState } from 'preact/hooks';
import { CopiedCode } from '../../parts/copied-code.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TableHead, useSorted } from '../../parts/lists/column-heads.tsx';
import { WorkDialog } from '../../parts/work-dialog.tsx';
import { call, type Reply } from '../../server/client.ts';
import { ROLES, type Role } from '../../state/me.ts';
import type { Column } from '../../state/sorting.ts';
import { dayText } from '../../state/times.ts';
import { texts } from '../../texts.ts';

/** A token as the server tells of it. */
export type Token = Reply<'tokens.list'>['tokens'][number];

const says = texts.tokens;
const DAYS = '90';
const COLUMNS: readonly Column<Token>[] = [
  { key: 'name', title: says.columns.name, by: ({ name }) => name },
  { key: 'user', title: says.columns.user, by: ({ user }) => user },
  { key: 'role', title: says.columns.role, by: ({ role }) => ROLES.indexOf(role) },
  { key: 'created', title: says.columns.created, by: ({ created }) => created },
  { key: 'expires', title: says.columns.expires, by: ({ expires }) => expires },
  { key: 'actions', title: says.columns.actions },
];

/** @param onGone one was revoked. @param hasUsers they are of several users */
export function TokenTable({
  tokens,
  label,
  hasUsers = false,
  onGone,
}: {
  readonly tokens: readonly Token[];
  readonly label: string;
  readonly hasUsers?: boolean;
  readonly onGone: () => void;
}) {
  const [leaving, setLeaving] = useState<Token>();
  const columns = COLUMNS.filter(({ key }) => hasUsers || key !== 'user');
  const shown = useSorted(tokens, { columns, param: 'tokens' });
  if (tokens.length === 0) return <p class="hint">{says.none}</p>;
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={label}>
      <table>
        <TableHead columns={columns} param="tokens" />
        <tbody>
          {shown.map((token) => (
            <tr key={token.id}>
              <td>
                <b>{token.name}</b> <code>{token.id}</code>
              </td>
              {hasUsers ? <td>{token.user}</td> : null}
              <td>{token.role}</td>
              <td class="nowrap">{dayText(token.created)}</td>
              <td class="nowrap">
                {token.expires < Date.now() * 1000 ? says.expired : dayText(token.expires)}
              </td>
              <td>
                <button
                  type="button"
                  aria-label={`${says.revoke} ${token.name} ${token.id}`}
                  onClick={() => setLeaving(token)}
                >
                  {says.revoke}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {leaving === undefined ? null : (
        <WorkDialog
          title={says.revokeTitle(leaving.name)}
          text={says.revokeText}
          submit={says.revoke}
          isBad
          work={async () => {
            await call('tokens.revoke', { id: leaving.id });
            return says.revoked(leaving.name);
          }}
          onClose={() => {
            setLeaving(undefined);
            onGone();
          }}
        />
      )}
    </div>
  );
}

/** Asks what a token is for, and shows it. @param most role of who asks */
export function NewToken({ most, onClose }: { readonly most: Role; readonly onClose: () => void }) {
  const [made, setMade] = useState<string>();
  // A token that is there is shown once the question goes.
  const token = useRef<string | undefined>(undefined);
  const roles = ROLES.slice(0, ROLES.indexOf(most) + 1);
  if (made !== undefined) {
    return (
      <Dialog title={says.shownTitle} onClose={onClose}>
        <p>{says.shownText}</p>
        <CopiedCode code={made} label={says.label} />
      </Dialog>
    );
  }
  return (
    <WorkDialog
      title={says.createTitle}
      text={says.createText}
      submit={says.createSubmit}
      fields={[
        { name: 'name', label: says.name, value: '' },
        { name: 'days', label: says.days, value: DAYS, kind: 'number' },
        {
          ...{ name: 'role', label: says.role, value: most },
          choices: roles.map((role) => [role, texts.roles[role]] as const),
        },
      ]}
      work={async ({ name = '', days = '', role }) => {
        const wish = { name, days: Number(days), role: role as Role };
        token.current = (await call('tokens.create', wish)).token;
        return says.created(name);
      }}
      onClose={() => (token.current === undefined ? onClose() : setMade(token.current))}
    />
  );
}
