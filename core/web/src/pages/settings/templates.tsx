import { type FormEvent, useState } from 'react';
import type { Schemas } from '~/api/client';
import { formErrors } from '~/api/problem';
import { text } from '~/text';
import { fillTemplate, type Values } from '~/text/template';
import { SelectField, TextArea, TextField } from '~/ui/field';
import { Card } from '~/ui/parts';
import { FormEnd, type SectionProps, useSave } from './save';

type Template = Schemas['MailTemplate'];
type Kind = keyof Schemas['Templates'];

const kinds = ['invite', 'viewed', 'destroyed_unread', 'wrong_passphrase'] as const;

/** What each variable could be, for the preview. */
const samples: Values = {
  ToFirstName: 'Ada',
  ToEmailAddress: 'ada@example.com',
  UserName: 'Grace',
  UserEmail: 'grace@example.com',
  ExpirePeriod: '1 day',
  ExpiresAt: 'tomorrow, 09:41',
  Views: '1',
  URL: 'https://secrets.example.com/m/…',
  Subject: 'Access to the archive',
  Version: '1.0',
  SiteURL: 'https://secrets.example.com',
  SiteName: 'Example',
  When: 'today, 09:41',
  Network: '192.0.2.0/24',
};

export function TemplatesSection({ settings }: SectionProps) {
  const [templates, setTemplates] = useState(settings.templates);
  const [kind, setKind] = useState<Kind>('invite');
  const save = useSave(settings, () => {});
  const template = templates[kind];
  const stored = settings.templates;
  const dirty = kinds.some((each) => !sameTemplate(templates[each], stored[each]));
  const errors = formErrors(save.error, ['subject', 'text', 'html']);
  const lacksUrl = !templates.invite.text.includes('[URL]');

  function change(changed: Partial<Template>) {
    setTemplates({ ...templates, [kind]: { ...template, ...changed } });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (lacksUrl) setKind('invite');
    else save.mutate({ templates });
  }

  return (
    <Card>
      <form className="stack" onSubmit={submit} noValidate>
        <SelectField
          label={text.settings.template}
          value={kind}
          choices={kinds.map((value) => ({ value, label: text.settings.templates[value] }))}
          onChoose={setKind}
        />
        <TextField
          label={text.settings.templateSubject}
          error={errors['subject']}
          maxLength={200}
          value={template.subject}
          onChange={(event) => change({ subject: event.target.value })}
        />
        <TextArea
          label={text.settings.templateText}
          error={kind === 'invite' && lacksUrl ? text.settings.templateUrl : errors['text']}
          rows={10}
          value={template.text}
          onChange={(event) => change({ text: event.target.value })}
        />
        <TextArea
          label={text.settings.templateHtml}
          hint={text.settings.templateHtmlHint}
          error={errors['html']}
          rows={8}
          spellCheck={false}
          value={template.html}
          onChange={(event) => change({ html: event.target.value })}
        />
        <p className="variables">
          {text.settings.templateVariables}
          {Object.keys(samples).map((name) => (
            <code key={name}>[{name}]</code>
          ))}
        </p>
        <section className="stack" aria-label={text.settings.templatePreview}>
          <h3>{text.settings.templatePreview}</h3>
          <div className="mail-preview">
            <strong>{fillTemplate(template.subject, samples)}</strong>
            <div>{fillTemplate(template.text, samples)}</div>
          </div>
        </section>
        <FormEnd dirty={dirty} busy={save.isPending} error={save.error} stray={errors['form']} />
      </form>
    </Card>
  );
}

function sameTemplate(a: Template, b: Template): boolean {
  return a.subject === b.subject && a.text === b.text && a.html === b.html;
}
