import { t } from './words.ts';

const PARTS = ['postgres', 'migrations', 'temporal', 'worker', 'zone_data', 'log_files'] as const;

/** What people call a part of the installation. */
export const partWord = (name: string): string => {
  const known = PARTS.find((part) => part === name);
  return known ? t(`system.part.${known}`) : name;
};
