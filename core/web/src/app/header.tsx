import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleUserRound, KeyRound, LogOut, Monitor, Moon, RectangleEllipsis, Sun } from 'lucide-react';
import { problemText } from '~/api/problem';
import { edgesQuery } from '~/api/queries';
import { text } from '~/text';
import { IconButton } from '~/ui/button';
import { Light } from '~/ui/light';
import { Menu, MenuChoices, MenuItem, MenuLine, MenuNote } from '~/ui/menu';
import { complain } from '~/ui/toast';
import { signOut, useSession } from './session';
import { type Summary, summaryOf } from './sites_summary';
import { chooseTheme, themes, useTheme } from './theme';
import './header.css';

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M8 25V14a8 8 0 0 1 16 0v11M16 25v-9m0 0-3.4 3.4M16 16l3.4 3.4" />
    </svg>
  );
}

export function Brand() {
  const { brand } = useSession();
  return (
    <Link to="/messages" className="brand" activeProps={{ 'aria-current': undefined }}>
      <Mark />
      <span>{brand.name || text.product}</span>
    </Link>
  );
}

/** State of the sites, appearance, and the menu of the person. */
export function HeaderTools() {
  return (
    <div className="header-tools">
      <SitesSummary />
      <ThemeMenu />
      <PersonMenu />
    </div>
  );
}

function SitesSummary() {
  const { data, isError } = useQuery(edgesQuery);
  if (!data && !isError) return null;
  const summary: Summary =
    data && !isError ? summaryOf(data) : { colour: 'unknown', words: text.header.sitesUnknown };
  return (
    <Link
      to="/sites"
      className="sites-summary"
      activeProps={{ 'aria-current': undefined }}
      title={summary.words}
    >
      <Light colour={summary.colour} word={false} />
      <span className="sites-summary-words">{summary.words}</span>
    </Link>
  );
}

const themeIcons = {
  system: <Monitor aria-hidden="true" />,
  light: <Sun aria-hidden="true" />,
  dark: <Moon aria-hidden="true" />,
};

function ThemeMenu() {
  const theme = useTheme();
  function choose(value: string) {
    const chosen = themes.find((each) => each === value);
    if (chosen) chooseTheme(chosen);
  }
  return (
    <Menu trigger={<IconButton label={text.header.theme}>{themeIcons[theme]}</IconButton>}>
      <MenuChoices
        value={theme}
        choices={themes.map((each) => ({
          value: each,
          label: text.header.themes[each],
          icon: themeIcons[each],
        }))}
        onChoose={choose}
      />
    </Menu>
  );
}

function PersonMenu() {
  const { user, version } = useSession();
  const navigate = useNavigate();
  async function leave() {
    try {
      await signOut();
      await navigate({ to: '/sign-in' });
    } catch (error) {
      complain(problemText(error));
    }
  }
  return (
    <Menu
      trigger={
        <IconButton label={text.header.account(user.login)}>
          <CircleUserRound aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuNote>
        {text.header.signedInAs} <strong>{user.name || user.login}</strong>
      </MenuNote>
      <MenuLine />
      <MenuItem
        icon={<RectangleEllipsis aria-hidden="true" />}
        onSelect={() => void navigate({ to: '/account/password' })}
      >
        {text.header.changePassword}
      </MenuItem>
      <MenuItem
        icon={<KeyRound aria-hidden="true" />}
        onSelect={() => void navigate({ to: '/account/tokens' })}
      >
        {text.header.tokens}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<LogOut aria-hidden="true" />} onSelect={() => void leave()}>
        {text.header.signOut}
      </MenuItem>
      <MenuNote>{text.header.version(version)}</MenuNote>
    </Menu>
  );
}
