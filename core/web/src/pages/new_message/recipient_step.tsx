import type { Schemas } from '~/api/client';
import { useSession } from '~/app/session';
import { text } from '~/text';
import { durationInSeconds, durationInWords, normalDuration } from '~/text/duration';
import { minuteTime } from '~/text/format';
import { fillTemplate, type Values } from '~/text/template';
import { Button } from '~/ui/button';
import { SelectField, TextArea, TextField } from '~/ui/field';
import { Note } from '~/ui/parts';
import { changeDraft, type Draft } from './draft';
import type { Options, StepProps } from './new_message';

type RecipientProps = StepProps & { sites: readonly Schemas['Edge'][] };

/** Which site shows the message, who gets it, and what the mail says. */
export function RecipientStep({ draft, options, problems, sites }: RecipientProps) {
  const mailed = options.mail_configured && draft.to.trim() !== '';
  return (
    <div className="stack">
      {!options.mail_configured && <Note tone="info">{text.compose.toNoMail}</Note>}
      <Site draft={draft} sites={sites} />
      <div className="columns">
        {options.mail_configured && (
          <TextField
            label={text.compose.to}
            optional={text.optional}
            hint={text.compose.toHint}
            error={problems.to}
            type="email"
            autoComplete="off"
            value={draft.to}
            onChange={(event) => changeDraft({ to: event.target.value })}
          />
        )}
        <TextField
          label={text.compose.toName}
          optional={text.optional}
          hint={text.compose.toNameHint}
          autoComplete="off"
          maxLength={200}
          value={draft.toName}
          onChange={(event) => changeDraft({ toName: event.target.value })}
        />
      </div>
      <div className="columns">
        <TextField
          label={text.compose.subject}
          optional={text.optional}
          hint={text.compose.subjectHint}
          maxLength={200}
          placeholder={mailed ? fillTemplate(options.invite.subject, {}) : ''}
          value={draft.subject}
          onChange={(event) => changeDraft({ subject: event.target.value })}
        />
        <SelectField
          label={text.compose.language}
          hint={text.compose.languageHint}
          value={draft.language}
          choices={options.languages.map((value) => ({ value, label: text.languages[value] }))}
          onChoose={(language) => changeDraft({ language })}
        />
      </div>
      {mailed && <MailText draft={draft} options={options} problem={problems.body} sites={sites} />}
    </div>
  );
}

function Site({ draft, sites }: { draft: Draft; sites: readonly Schemas['Edge'][] }) {
  const chosen = sites.find((site) => site.id === draft.site);
  return (
    <>
      <SelectField
        label={text.compose.site}
        hint={text.compose.siteHint}
        value={draft.site}
        choices={sites.map((site) => ({ value: site.id, label: `${site.name} (${site.public_url})` }))}
        onChoose={(site) => changeDraft({ site })}
      />
      {chosen && chosen.light !== 'green' && (
        <Note tone="warning">{text.compose.siteAiling(chosen.reason)}</Note>
      )}
    </>
  );
}

type MailTextProps = {
  draft: Draft;
  options: Options;
  problem: string | undefined;
  sites: readonly Schemas['Edge'][];
};

function MailText({ draft, options, problem, sites }: MailTextProps) {
  const values = useMailValues(draft, sites);
  const body = draft.body ?? options.invite.text;
  return (
    <>
      <TextArea
        label={text.compose.body}
        hint={text.compose.bodyHint}
        error={problem}
        rows={8}
        value={body}
        onChange={(event) => changeDraft({ body: event.target.value })}
      />
      <div className="row row-between">
        <p className="variables">
          {text.compose.variables}
          {Object.keys(values).map((name) => (
            <code key={name}>[{name}]</code>
          ))}
        </p>
        {draft.body !== null && (
          <Button onClick={() => changeDraft({ body: null })}>{text.compose.resetBody}</Button>
        )}
      </div>
      <section className="stack" aria-label={text.compose.preview}>
        <h3>{text.compose.preview}</h3>
        <div className="mail-preview">
          <strong>{fillTemplate(draft.subject || options.invite.subject, values)}</strong>
          <div>{fillTemplate(body, values)}</div>
        </div>
      </section>
    </>
  );
}

/** The values of the variables, as far as they are known before the message is sent. */
function useMailValues(draft: Draft, sites: readonly Schemas['Edge'][]): Values {
  const { user, brand, version } = useSession();
  const life = normalDuration(draft.life);
  const expires = new Date(Date.now() + (durationInSeconds(life) ?? 0) * 1_000);
  const site = sites.find((each) => each.id === draft.site);
  return {
    ToFirstName: draft.toName,
    ToEmailAddress: draft.to,
    UserName: user.name || user.login,
    UserEmail: user.email ?? '',
    ExpirePeriod: durationInWords(life),
    ExpiresAt: minuteTime(expires),
    Views: draft.views,
    URL: text.compose.previewUrl,
    Subject: draft.subject,
    SiteName: brand.name || text.product,
    SiteURL: site?.public_url ?? window.location.origin,
    Version: version,
  };
}
