/** Numbers, times and shapes as people read them, the same in the terminal, the trees and the panel. */

/** About four significant digits; an em dash for a number that is not finite. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return '—';
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    return value.toExponential(2);
  }
  // From here on four digits are a whole number.
  return size >= 999.95 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(4);
}

/** Whole numbers as such, others with about four digits. */
export function formatFigure(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e9 ? value.toLocaleString('en-US') : formatNumber(value);
}

/** `0.4 s`, `12 s`, `3 m 05 s`, `2 h 07 m`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) {
    return `${whole} s`;
  }
  return whole < 3600
    ? `${Math.floor(whole / 60)} m ${two(whole % 60)} s`
    : `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} m`;
}

/** How long ago, in one unit: `5 s ago`, `3 m ago`, `2 h ago`, `4 d ago`. */
export function formatAge(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'm'],
  ];
  const unit = units.find(([size]) => ms >= size);
  return unit === undefined
    ? `${Math.max(0, Math.floor(ms / 1000))} s ago`
    : `${Math.floor(ms / unit[0])} ${unit[1]} ago`;
}

/** A layer's shape in brackets, open dimensions as `?`. */
export function formatShape(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** `4160` → `4,160`; `?` while it is not known. */
export function formatCount(count: number | null): string {
  return count === null ? '?' : count.toLocaleString('en-US');
}

/** `512 bytes`, `18 kB`, `274 MB`, `1.3 GB`: powers of ten, as disks and downloads are told. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes} bytes`;
  }
  const units: [number, string][] = [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ];
  // From here on the smaller unit would be written with four digits.
  const [size, unit] = units.find(([one]) => bytes >= one * 0.9995) ?? [1e3, 'kB'];
  const count = bytes / size;
  return `${count < 9.95 ? count.toFixed(1) : Math.round(count)} ${unit}`;
}
