// Times, durations, amounts and colours as the pages show them.

const two = number => String(number).padStart(2, '0');

export function time(milliseconds) {
  const date = new Date(milliseconds);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

export function dayAndTime(milliseconds) {
  return `${new Date(milliseconds).toLocaleDateString(undefined, { dateStyle: 'medium' })} ${time(milliseconds)}`;
}

export function duration(milliseconds) {
  if (milliseconds === 0) return '0 ms';
  if (milliseconds < 1) return `${Math.max(1, Math.round(milliseconds * 1000))} µs`;
  if (milliseconds < 100) return `${trim(milliseconds, 2)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${trim(milliseconds / 1000, 2)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round(milliseconds % 60_000 / 1000)} s`;
}

export function since(milliseconds) {
  const seconds = Math.max(0, Math.round((Date.now() - milliseconds) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds % 3600 / 60)} min`;
}

/** A value of a metric in its unit (ucum.org: s, By, {requests}, …). */
export function amount(value, unit) {
  const perSecond = unit.endsWith('/s');
  const base = perSecond ? unit.slice(0, -2) : unit;
  if (base === 's' && !perSecond) return duration(value * 1000);
  if (base === 'ms' && !perSecond) return duration(value);
  const name = base.replace(/[{}]/g, '');
  const number = base === 'By' ? bytes(value) : short(value) + (name && name !== '1' ? ` ${name}` : '');
  return perSecond ? `${number}/s` : number;
}

function bytes(value) {
  for (const [size, name] of [[1 << 30, 'GiB'], [1 << 20, 'MiB'], [1 << 10, 'KiB']])
    if (Math.abs(value) >= size) return `${trim(value / size, 1)} ${name}`;
  return `${trim(value, 1)} B`;
}

function short(value) {
  for (const [size, name] of [[1e9, ' G'], [1e6, ' M'], [1e4, ' k']])
    if (Math.abs(value) >= size) return trim(value / (size === 1e4 ? 1e3 : size), 2) + name;
  return trim(value, Math.abs(value) < 1 ? 4 : 2);
}

function trim(value, digits) {
  return String(Number(value.toFixed(digits)));
}

const colours = new Map();

/** Each resource keeps its colour; replicas have that of the first. */
export function colour(resource) {
  const name = resource.replace(/-\d+$/, '');
  if (!colours.has(name)) colours.set(name, colours.size % 12);
  return `c${colours.get(name)}`;
}

export const level = severity =>
  severity >= 17 ? 'error' : severity >= 13 ? 'warning' : severity >= 9 || severity === 0 ? 'information' : 'debug';
