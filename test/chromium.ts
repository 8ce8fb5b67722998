import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const BROWSERS = [
  process.env.HOLDFAST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Where this machine has a Chromium; undefined where it has none. */
export const executablePath = BROWSERS.find((path) => path !== undefined && existsSync(path));

/** @throws where there is none */
export async function launched(): Promise<Browser> {
  if (executablePath === undefined) throw new Error('there is no Chromium here; HOLDFAST_CHROMIUM says where one is');
  // as root there is no sandbox to be had
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
