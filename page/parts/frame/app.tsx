// The whole page: who is logged in sees the shell with one of its pages, anybody else the way in.
import { useEffect } from 'preact/hooks';
import { Login } from '../../pages/login.tsx';
import { findMe, me } from '../../state/me.ts';
import { followNodes } from '../../state/nodes/nodes.ts';
import { comeBack, isBack } from '../../state/sign-in.ts';
import { texts } from '../../texts.ts';
import { Notices } from './notices.tsx';
import { Shell } from './shell.tsx';

/** All of it. */
export function App() {
  useEffect(() => {
    if (isBack()) comeBack();
    else findMe();
  }, []);
  if (me.value === undefined) return <p class="splash">{texts.loading}</p>;
  return (
    <>
      {me.value === null ? <Login /> : <Inside />}
      <Notices />
    </>
  );
}

function Inside() {
  useEffect(() => followNodes(), []);
  return <Shell />;
}
