import { useQuery } from '@tanstack/react-query';
import { edgesQuery } from '~/api/queries';
import { useIsAdministrator } from '~/app/session';
import { text } from '~/text';
import { Check, OptionTicks } from '~/ui/choices';
import { SelectField, TextArea, TextField } from '~/ui/field';
import { type Group, type SiteEntries, type SiteErrors, sessionRights, weekdays } from './site_entries';

export type FieldsProps = {
  entries: SiteEntries;
  errors: SiteErrors;
  onChange: (changed: Partial<SiteEntries>) => void;
};

const words = text.remoteSites.fields;

export const groupTitles: Record<Group, string> = {
  networks: words.networks,
  maintenance: words.maintenance,
  recording: text.remoteSites.columns.recording,
  limits: text.remoteSites.columns.limits,
  reason: words.reason,
  rights: words.rights,
};

function Limits({ entries, errors, onChange }: FieldsProps) {
  return (
    <div className="columns">
      <TextField
        label={words.idle}
        hint={words.idleHint}
        error={errors.idle_minutes}
        value={entries.idle_minutes}
        onChange={(event) => onChange({ idle_minutes: event.target.value })}
      />
      <TextField
        label={words.total}
        hint={words.totalHint}
        error={errors.total_minutes}
        value={entries.total_minutes}
        onChange={(event) => onChange({ total_minutes: event.target.value })}
      />
    </div>
  );
}

function Maintenance({ entries, errors, onChange }: FieldsProps) {
  return (
    <div className="stack">
      <Check
        label={words.maintenance}
        hint={words.maintenanceHint}
        checked={entries.maintenance}
        onCheck={(maintenance) => onChange({ maintenance })}
      />
      {entries.maintenance && (
        <>
          <OptionTicks
            legend={words.maintenanceDays}
            error={errors.days}
            options={weekdays.map((value) => ({ value, label: text.remoteSites.days[value] }))}
            chosen={entries.days}
            onChoose={(days) => onChange({ days })}
          />
          <div className="columns">
            <TextField
              label={words.from}
              hint={words.fromHint}
              error={errors.from}
              value={entries.from}
              onChange={(event) => onChange({ from: event.target.value })}
            />
            <TextField
              label={words.to}
              hint={words.toHint}
              error={errors.to}
              value={entries.to}
              onChange={(event) => onChange({ to: event.target.value })}
            />
          </div>
        </>
      )}
    </div>
  );
}

const diskFulls = ['end', 'continue'] as const;

function Recording({ entries, errors, onChange }: FieldsProps) {
  return (
    <div className="stack">
      <Check
        label={words.record}
        hint={words.recordHint}
        checked={entries.record}
        onCheck={(record) => onChange({ record })}
      />
      {entries.record && (
        <>
          <Check
            label={words.recordInput}
            hint={words.recordInputHint}
            checked={entries.record_input}
            onCheck={(record_input) => onChange({ record_input })}
          />
          <div className="columns">
            <TextField
              label={words.recordingDays}
              hint={words.recordingDaysHint}
              error={errors.recording_days}
              inputMode="numeric"
              value={entries.recording_days}
              onChange={(event) => onChange({ recording_days: event.target.value })}
            />
            <SelectField
              label={words.diskFull}
              value={entries.disk_full}
              choices={diskFulls.map((value) => ({ value, label: words.diskFulls[value] }))}
              onChoose={(disk_full) => onChange({ disk_full })}
            />
          </div>
        </>
      )}
    </div>
  );
}

function Networks({ entries, errors, onChange }: FieldsProps) {
  return (
    <TextArea
      label={words.networks}
      hint={words.networksHint}
      error={errors.networks}
      rows={3}
      spellCheck={false}
      value={entries.networks}
      onChange={(event) => onChange({ networks: event.target.value })}
    />
  );
}

function Reason({ entries, onChange }: FieldsProps) {
  return (
    <Check
      label={words.reason}
      hint={words.reasonHint}
      checked={entries.reason_required}
      onCheck={(reason_required) => onChange({ reason_required })}
    />
  );
}

function Rights({ entries, onChange }: FieldsProps) {
  return (
    <OptionTicks
      legend={words.rights}
      options={sessionRights.map((value) => ({ value, label: text.remoteSites.sessionRights[value] }))}
      chosen={entries.session_rights}
      onChoose={(session_rights) => onChange({ session_rights })}
    />
  );
}

/** The fields of one group, with no title of their own where a form gives it one. */
export const groupFields: Record<Group, (props: FieldsProps) => React.ReactNode> = {
  networks: Networks,
  maintenance: Maintenance,
  recording: Recording,
  limits: Limits,
  reason: Reason,
  rights: Rights,
};

/** Which of the gateways lead there. For administrators: nobody else changes them. */
export function GatewaysField({ entries, onChange }: FieldsProps) {
  const edges = useQuery(edgesQuery);
  const administrator = useIsAdministrator();
  const gateways = edges.data?.filter((edge) => edge.kind === 'gateway' && edge.state !== 'removed') ?? [];
  if (!administrator) return null;
  if (gateways.length === 0) {
    return (
      <div className="field">
        <span className="field-label">{words.gateways}</span>
        <p className="dim">{words.gatewaysNone}</p>
      </div>
    );
  }
  return (
    <OptionTicks
      legend={words.gateways}
      hint={words.gatewaysHint}
      options={gateways.map((edge) => ({ value: edge.id, label: edge.name }))}
      chosen={entries.gateways}
      onChoose={(chosen) => onChange({ gateways: chosen })}
    />
  );
}
