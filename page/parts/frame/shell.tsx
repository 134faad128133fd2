// What stands around each page: where one can go, who is logged in, whether what is shown is live.
import { logOut, may, me } from '../../state/me.ts';
import { isLive } from '../../state/nodes/nodes.ts';
import { place } from '../../state/router.ts';
import { nextTheme, theme } from '../../state/theme.ts';
import { texts } from '../../texts.ts';
import { Icon, type IconName } from '../icon.tsx';
import { Page } from './page.tsx';

const LINKS = [
  ['nodes', 'nodes'],
  ['images', 'images'],
  ['topology', 'topology'],
  ['log', 'log'],
  ['media', 'media'],
  ['health', 'health'],
  ['users', 'users'],
] as const satisfies (readonly [string, IconName])[];

const THEME_ICONS = { auto: 'auto', light: 'sun', dark: 'moon' } as const;

/** The shell with the page of the address. */
export function Shell() {
  return (
    <div class="shell">
      <a class="skip" href="#content">
        {texts.skip}
      </a>
      <header class="side">
        <a class="brand" href="/nodes">
          <span class="mark" aria-hidden="true">
            <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
              <path d="M3 4l2 8 3-6 3 6 2-8" />
            </svg>
          </span>
          {texts.product}
        </a>
        <nav aria-label={texts.nav.label}>
          {LINKS.filter(([name]) => name !== 'users' || may('admin')).map(([name, icon]) => (
            <a key={name} href={`/${name}`} aria-current={isHere(name) ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{texts.nav[name]}</span>
            </a>
          ))}
        </nav>
        <Account />
      </header>
      <main id="content" tabIndex={-1}>
        <Page />
      </main>
    </div>
  );
}

function isHere(name: string): boolean {
  const [first = 'nodes'] = place.value;
  return first === name || (name === 'nodes' && first === 'first-run');
}

function Account() {
  const who = me.value;
  return (
    <div class="account">
      <span class={isLive.value === false ? 'live' : 'live on'} role="status">
        {isLive.value === undefined ? null : <i />}
        <span>
          {isLive.value === undefined ? texts.loading : isLive.value ? texts.live : texts.notLive}
        </span>
      </span>
      <span class="who" title={texts.role(who?.role ?? '')}>
        <b>{who?.user}</b> <small>{who?.role}</small>
      </span>
      <span class="tools">
        <a
          class="button plain"
          href="/account"
          aria-label={texts.account.link}
          title={texts.account.link}
          aria-current={isHere('account') ? 'page' : undefined}
        >
          <Icon name="person" />
        </a>
        <button
          type="button"
          class="plain"
          onClick={nextTheme}
          aria-label={texts.theme[theme.value]}
          title={texts.theme[theme.value]}
        >
          <Icon name={THEME_ICONS[theme.value]} />
        </button>
        <button
          type="button"
          class="plain"
          onClick={logOut}
          aria-label={texts.logOut}
          title={texts.logOut}
        >
          <Icon name="out" />
        </button>
      </span>
    </div>
  );
}
