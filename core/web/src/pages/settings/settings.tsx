import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { settingsQuery } from '~/api/queries';
import { settingsSections } from '~/app/router';
import { text } from '~/text';
import { Awaited, Page } from '~/ui/parts';
import { BrandingSection } from './branding';
import { LimitsSection } from './limits';
import { MailSection } from './mail';
import { TemplatesSection } from './templates';
import './settings.css';

const route = getRouteApi('/app/settings');

export function SettingsPage() {
  const { section = 'mail' } = route.useSearch();
  const settings = useQuery({ ...settingsQuery, refetchOnWindowFocus: false });
  return (
    <Page title={text.settings.title} narrow>
      <nav aria-label={text.settings.title} className="sections">
        {settingsSections.map((each) => (
          <Link
            key={each}
            to="/settings"
            search={{ section: each === 'mail' ? undefined : each }}
            activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
          >
            {text.settings.sections[each]}
          </Link>
        ))}
      </nav>
      {!settings.data && <Awaited of={settings} />}
      {settings.data && section === 'mail' && <MailSection settings={settings.data} />}
      {settings.data && section === 'limits' && <LimitsSection settings={settings.data} />}
      {settings.data && section === 'templates' && <TemplatesSection settings={settings.data} />}
      {settings.data && section === 'branding' && <BrandingSection settings={settings.data} />}
    </Page>
  );
}
