import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { executablePath, launched } from '../test/chromium.ts';
import { BenchError, median } from './measure.ts';
import type { Place } from './parts.ts';

/** What somebody waits for who opens a report and walks its counterexample, or why it was not measured. */
export type PagePart = PageFigures | { readonly skipped: string };

export interface PageFigures {
  /** Of the file. */
  readonly bytes: number;
  /** Seconds from opening it from disk until it is complete. */
  readonly opened: number;
  /** Steps of the counterexample, there and back by keyboard, each of them drawn. */
  readonly stepsPerSecond: number;
}

/** The longest counterexample of the largest shipped model. */
const VARIANT = 'P6-without-second';
const RUN = `#/run?model=world&variant=${VARIANT}&property=I2+NoLateWalk`;
const STEPS = 27;

/** The report of a large model, opened in Chromium. */
export async function pagePart({ watch, folder, rounds, say }: Place): Promise<PagePart> {
  if (executablePath === undefined) return { skipped: 'Chromium is not installed' };
  const file = join(folder, 'world.html');
  say('the page');
  const { code, complaints } = await watch([
    process.execPath,
    ...['src/main.ts', 'check', 'models/world.ts', '--variant', VARIANT, '--html', file, '--quiet'],
  ]);
  if (code !== 0) throw new BenchError(`the report of world cannot be made:\n${complaints}`);
  const browser = await launched();
  try {
    const opened: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(pathToFileURL(file).href + RUN);
      opened.push((await page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")) as number);
      rates.push(await stepsPerSecond(page));
      await page.close();
    }
    return { bytes: statSync(file).size, opened: median(opened) / 1000, stepsPerSecond: median(rates) };
  } finally {
    await browser.close();
  }
}

/** @throws BenchError where the last step was not reached */
async function stepsPerSecond(page: Page): Promise<number> {
  const place = page.locator('.stepper output');
  const walk = (key: string) =>
    page.evaluate(`(async () => {
      const begin = performance.now();
      for (let step = 0; step < ${STEPS}; step++) {
        dispatchEvent(new KeyboardEvent('keydown', { key: '${key}' }));
        await new Promise((resolve) => setTimeout(resolve));
      }
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return (performance.now() - begin) / 1000;
    })()`) as Promise<number>;
  await place.waitFor();
  const there = await walk('j');
  const reached = await place.innerText();
  if (reached !== `step ${STEPS} of ${STEPS}`) throw new BenchError(`the page has gone to "${reached}" of its run`);
  return (2 * STEPS) / (there + (await walk('k')));
}
