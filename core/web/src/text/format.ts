/** The reader's own language for numbers and times; the words are English until there are more dictionaries. */
export const locale = typeof navigator === 'undefined' ? 'en' : navigator.language;

const steps = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
// A day that began a moment ago is still said as a day, not as 23 hours.
const slack = 1.03;
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const minute = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const counted = new Intl.NumberFormat(locale);

/** "5 minutes ago", "in 3 hours"; a date from four weeks on. `now` in milliseconds. */
export function relativeTime(at: Date, now: number): string {
  const seconds = (at.getTime() - now) / 1_000;
  if (Math.abs(seconds) > 28 * 86_400) return day.format(at);
  const step = steps.find((each) => Math.abs(seconds) * slack >= each.seconds);
  if (step) return relative.format(Math.trunc((seconds * slack) / step.seconds), step.unit);
  if (seconds > 5) return 'in less than a minute';
  return seconds > -20 ? 'just now' : 'less than a minute ago';
}

export function exactTime(at: Date): string {
  return exact.format(at);
}

/** To the minute, for sentences. */
export function minuteTime(at: Date): string {
  return minute.format(at);
}

export function number(value: number): string {
  return counted.format(value);
}

const sizes = ['bytes', 'KiB', 'MiB', 'GiB'] as const;

/** "12.4 MiB" */
export function bytes(value: number): string {
  if (value === 1) return '1 byte';
  const power = Math.min(sizes.length - 1, Math.floor(Math.log2(Math.max(value, 1)) / 10));
  const scaled = value / 1024 ** power;
  const digits = power === 0 || scaled >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(scaled)} ${sizes[power]}`;
}

/** "1:02:03" or "2:03": a place in a recording. */
export function clock(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
