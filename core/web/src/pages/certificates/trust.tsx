import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { trustQuery } from '~/api/queries';
import { Mark } from '~/app/header';
import { When } from '~/app/now';
import { text } from '~/text';
import { ButtonLink } from '~/ui/button';
import { Command } from '~/ui/command';
import { Card, EmptyState, Facts, LoadFailed, Loading, Page } from '~/ui/parts';
import { grouped } from './facts';
import './trust.css';

/** The root of the site with what to do with it, for anybody: it is public, and needed before the first visit. */
export function TrustPage() {
  const trust = useQuery(trustQuery);
  return (
    <main className="trust">
      <Mark />
      <Page
        title={text.trust.title}
        lead={trust.data ? text.trust.lead : undefined}
        actions={<ButtonLink to="/messages">{text.trust.toSite}</ButtonLink>}
      >
        {trust.isPending && <Loading />}
        {trust.isError && <LoadFailed error={trust.error} onRetry={() => void trust.refetch()} />}
        {trust.data === null && <EmptyState title={text.trust.emptyTitle}>{text.trust.emptyText}</EmptyState>}
        {trust.data && <Root root={trust.data} />}
      </Page>
    </main>
  );
}

type RootProps = { root: { subject: string; not_after: string; fingerprint: string } };

function Root({ root }: RootProps) {
  return (
    <div className="stack">
      <Card title={text.trust.compareTitle}>
        <p>{text.trust.compare}</p>
        <Command line={grouped(root.fingerprint)} />
        <Facts
          facts={[
            [text.trust.subject, root.subject],
            [text.trust.validUntil, <When key="until" at={root.not_after} />],
          ]}
        />
        <a className="button button-primary trust-download" href="/api/v1/trust/root.crt" download>
          <Download aria-hidden="true" />
          {text.trust.download}
        </a>
      </Card>
      <Card title={text.trust.stepsTitle}>
        <div>
          {text.trust.platforms.map((platform) => (
            <details key={platform.name} className="trust-platform">
              <summary>{platform.name}</summary>
              {platform.steps.map((step) => (
                <p key={step}>{step}</p>
              ))}
              {platform.command && <Command line={platform.command} />}
              {platform.after && <p className="dim">{platform.after}</p>}
            </details>
          ))}
        </div>
      </Card>
    </div>
  );
}
