import type { Schemas } from '~/api/client';
import { changesIn, errorsAmong, partsOf } from '~/api/entries';
import { text } from '~/text';
import { durationInSeconds, durationInWords, normalDuration } from '~/text/duration';
import { wholeNumber } from '../new_message/checks';

export type Site = Schemas['Site'];
export type SiteSettings = NonNullable<Schemas['SitesBulk']['change']>;
export type Weekday = Schemas['Maintenance']['days'][number];
export type SessionRight = Schemas['SessionRights'][number];

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const satisfies readonly Weekday[];
export const sessionRights = [
  'input',
  'paste',
  'copy',
  'upload',
  'download',
] as const satisfies readonly SessionRight[];

/** The settings of a remote site as they are typed. */
export type SiteEntries = {
  name: string;
  notes: string;
  gateways: readonly string[];
  networks: string;
  maintenance: boolean;
  days: readonly Weekday[];
  from: string;
  to: string;
  recording_days: string;
  idle_minutes: string;
  total_minutes: string;
  record: boolean;
  record_input: boolean;
  disk_full: Schemas['Site']['disk_full'];
  reason_required: boolean;
  session_rights: readonly SessionRight[];
};

export type SiteErrors = Partial<Record<keyof SiteEntries, string>>;

/** What belongs together in the form, and is changed together in many sites. */
export const groups = {
  networks: ['networks'],
  maintenance: ['maintenance', 'days', 'from', 'to'],
  recording: ['record', 'record_input', 'recording_days', 'disk_full'],
  limits: ['idle_minutes', 'total_minutes'],
  reason: ['reason_required'],
  rights: ['session_rights'],
} as const satisfies Record<string, readonly (keyof SiteEntries)[]>;

export type Group = keyof typeof groups;
export const groupNames = ['limits', 'maintenance', 'recording', 'networks', 'rights', 'reason'] as const;

const minutesOfDay = 1_440;
const mostIdle = '1d';
const mostTotal = '7d';

/** 15 becomes "15m", 480 "8h", 1440 "1d". */
export function minutesAsTyped(minutes: number): string {
  if (minutes % minutesOfDay === 0) return `${minutes / minutesOfDay}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

function minutesTyped(typed: string): number | undefined {
  const seconds = durationInSeconds(normalDuration(typed));
  return seconds === undefined ? undefined : Math.floor(seconds / 60);
}

export const usual: SiteEntries = {
  name: '',
  notes: '',
  gateways: [],
  networks: '',
  maintenance: false,
  days: ['sunday'],
  from: '22:00',
  to: '04:00',
  recording_days: '',
  idle_minutes: '15m',
  total_minutes: '8h',
  record: true,
  record_input: false,
  disk_full: 'end',
  reason_required: false,
  session_rights: sessionRights,
};

export function entriesOf(site: Site): SiteEntries {
  const { maintenance } = site;
  return {
    name: site.name,
    notes: site.notes,
    gateways: site.gateways.map((gateway) => gateway.id),
    networks: site.networks.join('\n'),
    maintenance: maintenance !== null,
    days: maintenance?.days ?? usual.days,
    from: maintenance?.from ?? usual.from,
    to: maintenance?.to ?? usual.to,
    recording_days: site.recording_days === null ? '' : String(site.recording_days),
    idle_minutes: minutesAsTyped(site.idle_minutes),
    total_minutes: minutesAsTyped(site.total_minutes),
    record: site.record,
    record_input: site.record_input,
    disk_full: site.disk_full,
    reason_required: site.reason_required,
    session_rights: site.session_rights,
  };
}

/** In the order of the week, whatever was pressed first. */
function ordered<Value>(all: readonly Value[], chosen: readonly Value[]): Value[] {
  return all.filter((each) => chosen.includes(each));
}

/** What the API takes. Only for entries without errors. */
export function settingsOf(entries: SiteEntries): Required<SiteSettings> {
  return {
    notes: entries.notes.trim(),
    networks: partsOf(entries.networks),
    maintenance: entries.maintenance
      ? { days: ordered(weekdays, entries.days), from: entries.from.trim(), to: entries.to.trim() }
      : null,
    recording_days: entries.recording_days.trim() === '' ? null : Number(entries.recording_days),
    idle_minutes: minutesTyped(entries.idle_minutes) ?? 0,
    total_minutes: minutesTyped(entries.total_minutes) ?? 0,
    record: entries.record,
    record_input: entries.record_input,
    disk_full: entries.disk_full,
    reason_required: entries.reason_required,
    session_rights: ordered(sessionRights, entries.session_rights),
  };
}

/** What is sent when `ticked` groups are changed in many sites. */
export function changeOf(entries: SiteEntries, ticked: readonly Group[]): SiteSettings {
  const { maintenance, networks, record, record_input, recording_days, disk_full, ...rest } =
    settingsOf(entries);
  const { idle_minutes, total_minutes, reason_required, session_rights } = rest;
  const parts: Record<Group, SiteSettings> = {
    networks: { networks },
    maintenance: { maintenance },
    recording: { record, record_input, recording_days, disk_full },
    limits: { idle_minutes, total_minutes },
    reason: { reason_required },
    rights: { session_rights },
  };
  return Object.assign({}, ...ticked.map((group) => parts[group]));
}

/** Only what differs from what is stored, as the API takes it. */
export function updateOf(entries: SiteEntries, stored: SiteEntries): Schemas['SiteUpdate'] {
  const now = { name: entries.name.trim(), gateways: [...entries.gateways], ...settingsOf(entries) };
  const before = { name: stored.name, gateways: [...stored.gateways], ...settingsOf(stored) };
  return changesIn(now, before);
}

/** Whether it has the form of a network; whether it is one, the core says. */
function isNetwork(typed: string): boolean {
  return /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[\da-f:.]*:[\da-f:.]*\/\d{1,3})$/i.test(typed);
}

function durationError(typed: string, most: string): string | undefined {
  const words = text.remoteSites.fields;
  const minutes = minutesTyped(typed);
  if (minutes === undefined) return words.durationWrong;
  if (minutes < 1) return words.wholeMinutes;
  return minutes * 60 > (durationInSeconds(most) ?? 0) ? words.tooLong(durationInWords(most)) : undefined;
}

function timeError(typed: string): string | undefined {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(typed.trim()) ? undefined : text.remoteSites.fields.timeWrong;
}

/** What is wrong before it is sent. */
export function siteErrors(entries: SiteEntries): SiteErrors {
  const words = text.remoteSites.fields;
  const wrongNetwork = partsOf(entries.networks).find((network) => !isNetwork(network));
  const days = entries.recording_days.trim();
  return errorsAmong({
    name: entries.name.trim() === '' ? text.remoteSites.nameMissing : undefined,
    networks: wrongNetwork && words.networksWrong(wrongNetwork),
    recording_days: days !== '' && wholeNumber(days, 3_650) === undefined ? words.daysWrong : undefined,
    idle_minutes: durationError(entries.idle_minutes, mostIdle),
    total_minutes: durationError(entries.total_minutes, mostTotal),
    days: entries.maintenance && entries.days.length === 0 ? words.maintenanceNoDay : undefined,
    from: entries.maintenance ? timeError(entries.from) : undefined,
    to: entries.maintenance ? timeError(entries.to) : undefined,
  });
}
