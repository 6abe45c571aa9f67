import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useBlocker } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '~/api/client';
import { composeQuery, edgesQuery } from '~/api/queries';
import { composeSteps } from '~/app/router';
import { text } from '~/text';
import { Button, ButtonLink } from '~/ui/button';
import { Confirm } from '~/ui/dialog';
import { Card, EmptyState, LoadFailed, Loading, Page } from '~/ui/parts';
import { type Problems, stepChecks } from './checks';
import { ComposeStep } from './compose_step';
import { beginDraft, completeDraft, type Draft, forgetDraft, freshDraft, useHeld } from './draft';
import { newPassphrase } from './passphrase';
import { ProtectionStep } from './protection_step';
import { RecipientStep } from './recipient_step';
import { Result } from './result';
import { ReviewStep, SendButton } from './review_step';
import { StepList } from './step_list';
import { dropFiles } from './uploads';
import './new_message.css';

const route = getRouteApi('/app/messages/new');

export type Options = Schemas['ComposeOptions'];
export type Step = (typeof composeSteps)[number];

/** What every step is given. */
export type StepProps = { draft: Draft; options: Options; problems: Problems };

export function NewMessagePage() {
  const options = useQuery(composeQuery);
  const sites = useQuery(edgesQuery);
  const { draft, sent } = useHeld();
  const usable = sites.data?.filter((site) => site.kind === 'selfdestruct' && site.state !== 'removed');

  useEffect(() => {
    const first = usable?.[0];
    if (draft || sent || !options.data || !first) return;
    beginDraft(freshDraft(options.data, first.id));
    void newPassphrase().then((words) => completeDraft({ words }));
  }, [draft, sent, options.data, usable]);

  if (sent) return <Result sent={sent} />;
  if (draft && options.data && usable) return <Wizard draft={draft} options={options.data} sites={usable} />;
  const failed = [options, sites].find((query) => query.isError);
  return (
    <Page title={text.compose.title} narrow>
      {failed ? (
        <LoadFailed error={failed.error} onRetry={() => void failed.refetch()} />
      ) : usable?.length === 0 ? (
        <NoSite />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function NoSite() {
  return (
    <EmptyState
      title={text.compose.noSite}
      action={
        <ButtonLink to="/sites" look="primary">
          {text.sites.title}
        </ButtonLink>
      }
    >
      {text.compose.noSiteText}
    </EmptyState>
  );
}

/** The first step that cannot be left forwards yet, or the last one. */
function furthestStep(draft: Draft, options: Options): Step {
  const stuck = composeSteps.find((step) => Object.keys(stepChecks[step](draft, options)).length > 0);
  return stuck ?? 'review';
}

type WizardProps = { draft: Draft; options: Options; sites: readonly Schemas['Edge'][] };

function Wizard({ draft, options, sites }: WizardProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [pressedNext, setPressedNext] = useState(false);

  const furthest = furthestStep(draft, options);
  const wanted = search.step ?? 'compose';
  const step =
    composeSteps[Math.min(composeSteps.indexOf(wanted), composeSteps.indexOf(furthest))] ?? 'compose';
  const found = stepChecks[step](draft, options);
  const problems = pressedNext || step === 'review' ? found : {};
  const stepProps = { draft, options, problems };

  const entries = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const shownStep = useRef(step);
  useEffect(() => {
    if (shownStep.current === step) return;
    shownStep.current = step;
    setPressedNext(false);
    heading.current?.focus();
  }, [step]);

  function next() {
    const following = composeSteps[composeSteps.indexOf(step) + 1];
    setPressedNext(true);
    if (Object.keys(found).length > 0) requestAnimationFrame(() => showFirstProblem(entries.current));
    else if (following) void navigate({ search: { step: following } });
  }

  function back() {
    const before = composeSteps[composeSteps.indexOf(step) - 1];
    if (before) void navigate({ search: { step: before } });
  }

  return (
    <Page title={text.compose.title} narrow>
      <StepList step={step} furthest={furthest} />
      <Card ref={entries}>
        <h2 ref={heading} tabIndex={-1} className="step-heading">
          {text.compose.steps[step]}
        </h2>
        {step === 'compose' && <ComposeStep {...stepProps} />}
        {step === 'recipient' && <RecipientStep {...stepProps} sites={sites} />}
        {step === 'protection' && <ProtectionStep {...stepProps} />}
        {step === 'review' && <ReviewStep {...stepProps} sites={sites} />}
      </Card>
      <div className="row row-between">
        {step === 'compose' ? <span /> : <Button onClick={back}>{text.compose.back}</Button>}
        {step === 'review' ? (
          <SendButton {...stepProps} />
        ) : (
          <Button look="primary" onClick={next}>
            {text.compose.next}
          </Button>
        )}
      </div>
      <LeaveGuard draft={draft} />
    </Page>
  );
}

/** Brings what keeps the step from being left into view, and the focus to it if one can type there. */
function showFirstProblem(entries: HTMLElement | null) {
  const problem = entries?.querySelector<HTMLElement>(
    '[aria-invalid="true"], .note-danger, .field-error:not(:empty)',
  );
  problem?.scrollIntoView({ block: 'center' });
  problem?.focus();
}

/** Asks before entries are lost; moving between the steps loses none. */
function LeaveGuard({ draft }: { draft: Draft }) {
  const { touched } = useHeld();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => touched && current.pathname !== next.pathname,
    enableBeforeUnload: () => touched,
    withResolver: true,
  });
  return (
    <Confirm
      open={blocker.status === 'blocked'}
      title={text.compose.leaveTitle}
      consequence={<p>{text.compose.leaveText}</p>}
      action={text.leave}
      onConfirm={() => {
        dropFiles(draft);
        forgetDraft();
        blocker.proceed?.();
      }}
      onClose={() => blocker.reset?.()}
    />
  );
}
