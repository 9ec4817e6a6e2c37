// Numbers, times and bytes in the words of the chosen language.

const made = new Map();
let language = 'ko';

export function setLanguage(name) {
  language = name;
}

function formatter(kind, options) {
  const id = `${language} ${kind} ${JSON.stringify(options)}`;
  if (!made.has(id)) made.set(id, new Intl[kind](language, options));
  return made.get(id);
}

export const count = (value) => formatter('NumberFormat', {}).format(Number(value || 0));
export const decimal = (value, digits = 1) =>
  formatter('NumberFormat', { maximumFractionDigits: digits }).format(value);
export const percent = (share, digits = 1) => (Number.isFinite(share)
  ? formatter('NumberFormat', { style: 'percent', maximumFractionDigits: digits }).format(share)
  : '–');

export function bytes(value) {
  let size = Number(value || 0);
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let unit = 0;
  while (size >= 1000 && unit + 1 < units.length) {
    size /= 1000;
    ++unit;
  }
  return formatter('NumberFormat', {
    style: 'unit', unit: units[unit], unitDisplay: 'short', maximumFractionDigits: size < 10 ? 1 : 0,
  }).format(size);
}

// "12.5s" of google.protobuf.Duration, in seconds.
export const seconds = (duration) => Number.parseFloat(duration || '0');

// Seconds: "0.8 ms", "1.2 s", "3 h".
export function span(value) {
  if (!Number.isFinite(value)) return '–';
  const unit = (name, number, digits) => formatter('NumberFormat', {
    style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits,
  }).format(number);
  if (value < 1) return unit('millisecond', value * 1000, value < 0.01 ? 1 : 0);
  if (value < 120) return unit('second', value, value < 10 ? 1 : 0);
  if (value < 7200) return unit('minute', value / 60, 0);
  if (value < 48 * 3600) return unit('hour', value / 3600, 0);
  return unit('day', value / 86400, 0);
}

export function time(text) {
  if (!text) return '';
  const when = new Date(text);
  if (Number.isNaN(when.getTime())) return text;
  return formatter('DateTimeFormat', { dateStyle: 'medium', timeStyle: 'short' }).format(when);
}

export function exactTime(text) {
  if (!text) return '';
  return formatter('DateTimeFormat', { dateStyle: 'medium', timeStyle: 'medium' })
    .format(new Date(text));
}

// "3 minutes ago".
export function ago(text) {
  if (!text) return '';
  const past = (new Date(text) - Date.now()) / 1000;
  const relative = (value, unit) =>
    formatter('RelativeTimeFormat', { numeric: 'auto' }).format(Math.round(value), unit);
  if (past > -90) return relative(past, 'second');
  if (past > -5400) return relative(past / 60, 'minute');
  if (past > -36 * 3600) return relative(past / 3600, 'hour');
  return relative(past / 86400, 'day');
}
