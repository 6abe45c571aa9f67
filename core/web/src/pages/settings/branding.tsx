import { type FormEvent, useState } from 'react';
import type { Schemas } from '~/api/client';
import { formErrors } from '~/api/problem';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { Check } from '~/ui/choices';
import { TextArea, TextField } from '~/ui/field';
import { Card } from '~/ui/parts';
import { contrastWithWhite, isColour } from './colour';
import { readLogo } from './logo';
import { FormEnd, type SectionProps, useSave } from './save';

type Branding = Schemas['Branding'];
type Language = Schemas['Settings']['languages'][number];

const names = ['name', 'colour', 'help', 'logo', 'logo_type'] as const;
const allLanguages = ['en', 'de', 'fr', 'es', 'ja'] as const;
const readable = 4.5;

function sameLanguages(a: readonly Language[], b: readonly Language[]): boolean {
  return a.join() === b.join();
}

export function BrandingSection({ settings }: SectionProps) {
  const [branding, setBranding] = useState(settings.branding);
  const [languages, setLanguages] = useState<readonly Language[]>(settings.languages);
  const [logoProblem, setLogoProblem] = useState<string>();
  const save = useSave(settings, () => {});
  const stored = settings.branding;
  const dirty =
    names.some((name) => branding[name] !== stored[name]) || !sameLanguages(languages, settings.languages);
  const errors = formErrors(save.error, [...names, 'languages']);

  function change(changed: Partial<Branding>) {
    setBranding({ ...branding, ...changed });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isColour(branding.colour) && languages.length > 0)
      save.mutate({ branding, languages: [...languages] });
  }

  return (
    <Card>
      <form className="stack" onSubmit={submit} noValidate>
        <div className="columns">
          <TextField
            label={text.settings.brandName}
            hint={text.settings.brandNameHint}
            error={errors['name']}
            maxLength={80}
            value={branding.name}
            onChange={(event) => change({ name: event.target.value })}
          />
          <Colour
            colour={branding.colour}
            problem={errors['colour']}
            onChange={(colour) => change({ colour })}
          />
        </div>
        <TextArea
          label={text.settings.help}
          hint={text.settings.helpHint}
          error={errors['help']}
          rows={3}
          maxLength={500}
          value={branding.help}
          onChange={(event) => change({ help: event.target.value })}
        />
        <Logo
          branding={branding}
          problem={logoProblem ?? errors['logo']}
          onProblem={setLogoProblem}
          onChange={change}
        />
        <Languages languages={languages} onChange={setLanguages} />
        <Preview branding={branding} />
        <FormEnd dirty={dirty} busy={save.isPending} error={save.error} stray={errors['form']} />
      </form>
    </Card>
  );
}

type ColourProps = { colour: string; problem: string | undefined; onChange: (colour: string) => void };

function Colour({ colour, problem, onChange }: ColourProps) {
  const valid = isColour(colour);
  const pale = valid && contrastWithWhite(colour) < readable;
  return (
    <div className="colour-row">
      <TextField
        label={text.settings.colour}
        hint={pale ? text.settings.colourPale : text.settings.colourHint}
        error={valid ? problem : text.settings.colourWrong}
        spellCheck={false}
        maxLength={7}
        value={colour}
        onChange={(event) => onChange(event.target.value.toLowerCase())}
      />
      <input
        type="color"
        aria-label={text.settings.colourPick}
        value={valid ? colour : '#000000'}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

function logoSource({ logo, logo_type }: Branding): string | undefined {
  return logo && logo_type ? `data:${logo_type};base64,${logo}` : undefined;
}

type LogoProps = {
  branding: Branding;
  problem: string | undefined;
  onProblem: (problem: string | undefined) => void;
  onChange: (changed: Partial<Branding>) => void;
};

function Logo({ branding, problem, onProblem, onChange }: LogoProps) {
  async function choose(file: File | undefined) {
    if (!file) return;
    const read = await readLogo(file);
    onProblem(read.ok ? undefined : read.problem);
    if (read.ok) onChange({ logo: read.base64, logo_type: read.type });
  }
  return (
    <section className="stack" aria-label={text.settings.logo}>
      <div>
        <h3>{text.settings.logo}</h3>
        <p className={problem ? 'field-error' : 'field-hint'} role={problem ? 'alert' : undefined}>
          {problem ?? text.settings.logoHint}
        </p>
      </div>
      <div className="logo-row">
        <label className="button button-plain logo-file">
          {text.settings.logoChoose}
          <input
            type="file"
            accept="image/png,image/jpeg,image/webp"
            onChange={(event) => {
              void choose(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
        </label>
        {branding.logo && (
          <Button onClick={() => onChange({ logo: null, logo_type: null })}>
            {text.settings.logoRemove}
          </Button>
        )}
      </div>
    </section>
  );
}

type LanguagesProps = { languages: readonly Language[]; onChange: (languages: readonly Language[]) => void };

function Languages({ languages, onChange }: LanguagesProps) {
  return (
    <fieldset className="portal-languages">
      <legend>{text.settings.portalLanguages}</legend>
      <div className="row">
        {allLanguages.map((language) => (
          <Check
            key={language}
            label={text.languages[language]}
            checked={languages.includes(language)}
            onCheck={(checked) =>
              onChange(
                allLanguages.filter((each) => (each === language ? checked : languages.includes(each))),
              )
            }
          />
        ))}
      </div>
      {languages.length === 0 && <p className="field-error">{text.settings.languagesMissing}</p>}
    </fieldset>
  );
}

function Preview({ branding }: { branding: Branding }) {
  const source = logoSource(branding);
  const colour = isColour(branding.colour) ? branding.colour : '#2457c5';
  const ink = contrastWithWhite(colour) < readable ? '#14181f' : '#ffffff';
  return (
    <section className="stack" aria-label={text.settings.brandPreview}>
      <h3>{text.settings.brandPreview}</h3>
      <div className="brand-preview">
        <div className="brand-preview-head">
          {source && <img src={source} alt={text.settings.logoAlt} />}
          <span>{branding.name}</span>
        </div>
        <p>{text.settings.brandSample}</p>
        <span className="brand-preview-button" style={{ background: colour, color: ink }}>
          {text.settings.brandReveal}
        </span>
        {branding.help && <p className="brand-preview-help">{branding.help}</p>}
      </div>
    </section>
  );
}
