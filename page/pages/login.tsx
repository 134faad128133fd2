// The way in.
import { useEffect, useState } from 'preact/hooks';
import { logIn } from '../state/me.ts';
import { sentenceOf } from '../state/notices.ts';
import { leaveForProvider, providerName, signInError } from '../state/sign-in.ts';
import { texts } from '../texts.ts';

/** Asks for a name and a password, or leads to the provider that knows people. */
export function Login() {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState(signInError.peek());
  const says = texts.login;
  const submit = async (form: HTMLFormElement) => {
    const given = new FormData(form);
    setBusy(true);
    try {
      await logIn(String(given.get('user')), String(given.get('password')));
    } catch (reason) {
      setError(sentenceOf(reason));
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(event.currentTarget);
        }}
      >
        <span class="mark" aria-hidden="true">
          <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d="M3 4l2 8 3-6 3 6 2-8" />
          </svg>
        </span>
        <h1>{texts.product}</h1>
        <p>{says.lead}</p>
        <label>
          {says.user}
          <input
            name="user"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </label>
        <label>
          {says.password}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <p class="error" role="alert">
          {error}
        </p>
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? says.working : says.submit}
        </button>
        <ProviderButton onError={setError} />
        <p class="hint">
          {says.help} <code>{says.command}</code>
        </p>
      </form>
    </main>
  );
}

/** Nothing, where the server knows no provider. */
function ProviderButton({ onError }: { readonly onError: (sentence: string) => void }) {
  const [name, setName] = useState<string>();
  const [isLeaving, setLeaving] = useState(false);
  useEffect(() => {
    // Whoever has a password logs in whether this is answered or not.
    providerName().then(setName, () => undefined);
  }, []);
  if (name === undefined) return null;
  const leave = async () => {
    setLeaving(true);
    try {
      await leaveForProvider();
    } catch (reason) {
      onError(sentenceOf(reason));
      setLeaving(false);
    }
  };
  return (
    <button type="button" onClick={leave} disabled={isLeaving}>
      {isLeaving ? texts.login.leaving : texts.login.provider(name)}
    </button>
  );
}
