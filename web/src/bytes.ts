const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A count of bytes for people: `512 B`, `1.5 KiB`, `20 MiB`. */
export const formatBytes = (bytes: number): string => {
  let size = Math.max(0, bytes);
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return `${Number(size.toFixed(digits))} ${UNITS[unit]}`;
};

/** A rate that is counted in bits a second, in bytes a second. */
export const formatRate = (bitsPerSecond: number): string => `${formatBytes(bitsPerSecond / 8)}/s`;
