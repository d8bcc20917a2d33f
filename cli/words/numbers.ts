/**
 * A number for people: up to four significant digits after the point, no needless zeros, thousands grouped from 10,000
 * on (so that a year stays a year), exponents only where digits would say nothing.
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e15)) return minus(value.toExponential(3).replace(/\.?0+e/, 'e').replace('e+', 'e'));
  const digits = size >= 1 || size === 0 ? 4 : 4 + Math.max(0, -Math.floor(Math.log10(size)) - 1);
  const [whole, fraction = ''] = value.toFixed(digits).split('.');
  const trimmed = fraction.replace(/0+$/, '');
  return minus(`${group(whole!)}${trimmed === '' ? '' : `.${trimmed}`}`);
}

/** `3 steps`, `1 step`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`;
}

/** 1,536 bytes are `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  if (unit === 0) return counted(bytes, 'byte');
  return `${size >= 100 ? Math.round(size) : size.toFixed(1).replace(/\.0$/, '')} ${units[unit]!}`;
}

/** `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 12 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const total = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (total < 3600) return `${Math.floor(total / 60)} min ${pad(total % 60)} s`;
  return `${Math.floor(total / 3600)} h ${pad(Math.floor((total % 3600) / 60))} min`;
}

/** `2026-01-31 23:59:59 UTC`: one clock for a laptop and a cluster. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

function group(whole: string): string {
  return whole.replace('-', '').length < 5 ? whole : whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function minus(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}
