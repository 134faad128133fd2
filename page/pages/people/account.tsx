// The account of who is logged in: tokens for programs, and the password.
import { useEffect, useState } from 'preact/hooks';
import { Box } from '../../parts/box.tsx';
import { WorkDialog } from '../../parts/work-dialog.tsx';
import { call } from '../../server/client.ts';
import { me } from '../../state/me.ts';
import { trying } from '../../state/notices.ts';
import { texts } from '../../texts.ts';
import { NewToken, type Token, TokenTable } from './tokens.tsx';

const says = texts.account;

/** The page. */
export function AccountPage() {
  const [tokens, setTokens] = useState<readonly Token[]>();
  const [asked, setAsked] = useState<'token' | 'password'>();
  const load = () =>
    trying(async () => setTokens((await call('tokens.list', { all: false })).tokens));
  useEffect(() => {
    load();
  }, []);
  const who = me.value;
  if (tokens === undefined || who === null || who === undefined) {
    return <p class="loading">{texts.loading}</p>;
  }
  const leave = () => {
    setAsked(undefined);
    load();
  };
  return (
    <section class="page">
      <header class="bar">
        <h1>{says.title}</h1>
      </header>
      <p class="lead">{says.who(who.user, who.role)}</p>
      <Box title={says.tokens}>
        <p class="hint">{says.tokensText}</p>
        <TokenTable tokens={tokens} label={says.tokens} onGone={load} />
        <p class="buttons">
          <button type="button" onClick={() => setAsked('token')}>
            {texts.tokens.create}
          </button>
        </p>
      </Box>
      <Box title={says.password}>
        {who.hasPassword ? (
          <>
            <p class="hint">{says.passwordText}</p>
            <p class="buttons">
              <button type="button" onClick={() => setAsked('password')}>
                {says.changePassword}
              </button>
            </p>
          </>
        ) : (
          <p class="hint">{says.noPassword}</p>
        )}
      </Box>
      {asked === 'token' ? <NewToken most={who.role} onClose={leave} /> : null}
      {asked === 'password' ? <PasswordDialog onClose={() => setAsked(undefined)} /> : null}
    </section>
  );
}

function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <WorkDialog
      title={says.password}
      text={says.passwordText}
      submit={says.submit}
      fields={[
        { name: 'old', label: says.old, value: '', kind: 'password' },
        { name: 'fresh', label: says.fresh, value: '', kind: 'new-password' },
        { name: 'again', label: says.again, value: '', kind: 'new-password' },
      ]}
      work={async ({ old = '', fresh = '', again }) => {
        if (fresh !== again) throw new Error(says.differ);
        await call('users.setPassword', { old, password: fresh });
        // The session has ended with the old one.
        me.value = null;
        return says.changed;
      }}
      onClose={onClose}
    />
  );
}
