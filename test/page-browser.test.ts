import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launched } from './chromium.ts';
import { hostilePage } from './page-hostile.ts';

/** The page in a real browser, opened from disk: without one there is nothing to be seen, and these tests are skipped. */
if (executablePath === undefined) console.log('There is no Chromium here: the page is not tested in a browser.');

const SCREENS = ['overview', 'run', 'machines', 'space', 'promises', 'compare'];

/** The counterexample that the bars are for. */
const WORLD = ['models/world.ts', '--variant', 'P6-without-second'];
const LATE_WALK = 'model=world&variant=P6-without-second&property=I2+NoLateWalk';

const GROUND = 'getComputedStyle(document.body).backgroundColor';
const [WHITE, DARK] = ['rgb(255, 255, 255)', 'rgb(20, 24, 31)'];

describe.skipIf(executablePath === undefined)('the page in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-page-'));
  const world = join(folder, 'world.html');
  const baseline = join(folder, 'earlier.json');
  let browser: Browser;
  beforeAll(async () => {
    writeFileSync(baseline, earlier());
    const compared = ['--html', world, '--baseline', baseline, '--quiet'];
    execFileSync(process.execPath, ['src/main.ts', 'check', ...WORLD, ...compared]);
    browser = await launched();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  /** What the world's report could have said before a change: another verdict, another length, and a variant that is gone. */
  function earlier(): string {
    const json = execFileSync(process.execPath, ['src/main.ts', 'check', ...WORLD, '--json'], { maxBuffer: 2 ** 26 });
    const report = JSON.parse(String(json)) as {
      holdfast: string;
      models: { variants: { name: string; stats: { states: number }; verdicts: { property: string }[] }[] }[];
    };
    const [variant] = report.models[0]!.variants;
    const verdict = (name: string) => variant!.verdicts.find(({ property }) => property === name)!;
    Object.assign(verdict('I2 NoLateWalk'), { kind: 'holds', expected: 'holds', steps: undefined });
    Object.assign(verdict('I4 NoOrphan'), { steps: 9 });
    variant!.stats.states = 70_000;
    report.models[0]!.variants.push({ ...variant!, name: 'another' });
    return JSON.stringify({ ...report, holdfast: '0.0.9' });
  }

  interface Opened {
    readonly page: Page;
    /** What it complains of, and what it asks of others. */
    readonly troubles: string[];
  }

  function watched(page: Page): Opened {
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('dialog', (dialog) => troubles.push(`dialog: ${dialog.message()}`));
    return { page, troubles };
  }

  async function open(file: string, hash = '', more: object = {}): Promise<Opened> {
    const opened = watched(await browser.newPage({ viewport: { width: 1280, height: 800 }, ...more }));
    const { page, troubles } = opened;
    const address = pathToFileURL(file).href;
    page.on('request', (request) => {
      if (request.url().split('#')[0] !== address) troubles.push(`asks for ${request.url()}`);
    });
    await page.goto(address + hash);
    await page.waitForSelector('h1');
    return opened;
  }

  const placeOf = (page: Page) => page.locator('.stepper output').innerText();
  const widthOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth');

  test('opens from disk, is no larger than it may be, and asks nobody for anything', async () => {
    expect(statSync(world).size).toBeLessThan(1.5e6);
    const { troubles } = await open(world);
    expect(troubles).toEqual([]);
  });

  describe.each([
    [1280, 'light', WHITE],
    [400, 'dark', DARK],
  ] as const)('%i wide and %s', (width, colorScheme, ground) => {
    test.each(SCREENS)('the screen %s has no complaint, and nothing that axe calls serious', async (screen) => {
      const viewport = { width, height: 800 };
      const hash = `#/${screen}?${LATE_WALK}&at=22&actor=handler.0`;
      const { page, troubles } = await open(world, hash, { viewport, colorScheme });
      expect(await page.locator('h1').count()).toBe(1);
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      expect(await page.evaluate(GROUND)).toBe(ground);
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`)).toEqual([]);
      expect(troubles).toEqual([]);
      await page.close();
    });
  });

  test('is stepped through with the keyboard, and the lamps say where the promise is broken', async () => {
    const { page, troubles } = await open(world, `#/run?${LATE_WALK}`);
    const keys = [
      ['Home', 0],
      ['j', 1],
      ['ArrowRight', 2],
      ['k', 1],
      ['ArrowLeft', 0],
      ['k', 0],
      ['End', 27],
      ['j', 27],
    ] as const;
    for (const [key, at] of keys) {
      await page.keyboard.press(key);
      expect(await placeOf(page)).toBe(`step ${at} of 27`);
    }
    const lamp = page.locator('.lamps .asked');
    expect(await lamp.locator('.lamp').innerText()).toContain('broken');
    expect(await lamp.locator('svg').getAttribute('aria-label')).toBe('holds at 0 to 26, broken at 27');
    await page.keyboard.press('k');
    expect(await lamp.locator('.lamp').innerText()).toContain('holds');
    await page.keyboard.press('?');
    expect(await page.locator('.help').isVisible()).toBe(true);
    expect(troubles).toEqual([]);
  });

  test('takes what is typed into a field for no step', async () => {
    const { page } = await open(world, `#/promises?${LATE_WALK}`);
    await page.locator('input[type=search]').fill('no early');
    expect(await page.locator('.promise').count()).toBe(0);
    await page.locator('input[type=search]').fill('noearly');
    expect(await page.locator('.promise').innerText()).toContain('src/invariants/no-early-walk.ts:');
  });

  test('says of a step who does what, what it changes and where that is written, and has its place in the address', async () => {
    const { page } = await open(world, `#/run?${LATE_WALK}&at=22`);
    const card = await page.locator('.card').innerText();
    expect(card).toContain('22 notifier by itself');
    expect(card).toMatch(/ops\.read \{set: true\}[\s\S]*notifier\s+admitted → resolved/);
    expect(card).toMatch(/src\/machines\/notifier\.ts:\d+/);
    await page.keyboard.press('j');
    await page.waitForURL(/at=23/);
    await page.reload();
    await page.waitForSelector('h1');
    expect(await placeOf(page)).toBe('step 23 of 27');
    const band = (await page.locator('.diagram .current').boundingBox())!;
    const frame = (await page.locator('.diagram').boundingBox())!;
    expect(band.y).toBeGreaterThanOrEqual(frame.y);
    expect(band.y + band.height).toBeLessThanOrEqual(frame.y + frame.height + 1);
  });

  test('goes another way where the reader wants to, as far as the report knows, and back to the run', async () => {
    const { page, troubles } = await open(world, `#/run?${LATE_WALK}&at=3`);
    const choices = page.locator('.ahead button');
    const mine = (await choices.evaluateAll((all) => all.map(({ className }) => className))).indexOf('');
    await page.keyboard.press(String(mine + 1));
    expect(await placeOf(page)).toBe('step 4 of 4');
    expect(await page.locator('.forked').innerText()).toContain('your own way since step 3');
    await page.waitForURL(/path=/);
    for (let i = 0; i < 100 && (await choices.count()) > 0; i++) await page.keyboard.press('1');
    expect(await page.locator('.ahead').innerText()).toMatch(/holdfast serve models\/world\.ts|no step is enabled/);
    await page.keyboard.press('b');
    expect(await placeOf(page)).toBe('step 3 of 27');
    expect(await page.locator('.forked').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  test('says why a promise is broken, and walks the nearest run in which it is not', async () => {
    const { page, troubles } = await open(world, `#/run?${LATE_WALK}`);
    const why = page.locator('.why');
    await why.locator('summary').click();
    expect(await why.innerText()).toMatch(/claim\s+Nobody walks|fault\s/);
    await why.getByRole('button', { name: 'step 27' }).first().click();
    expect(await placeOf(page)).toBe('step 27 of 27');
    await why.getByRole('button', { name: 'all goes well' }).click();
    await page.keyboard.press('End');
    expect(await page.locator('.forked').innerText()).toContain('your own way since');
    expect(await page.locator('.lamps .asked .lamp').innerText()).toContain('holds');
    expect(troubles).toEqual([]);
  });

  test('is printed in light, with the steps as a table and without what one clicks', async () => {
    const { page } = await open(world, `#/run?${LATE_WALK}&at=5`, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(GROUND)).toBe(WHITE);
    expect(await page.locator('table.steps').isVisible()).toBe(true);
    expect(await page.locator('table.steps tbody tr').count()).toBe(27);
    for (const clicked of ['nav', '.stepper', '.ahead']) expect(await page.locator(clicked).isVisible()).toBe(false);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });

  test('keeps the theme that was chosen', async () => {
    const { page } = await open(world);
    const ground = () => page.evaluate(GROUND);
    await page.locator('.theme select').selectOption('dark');
    // the page is painted when it is, not when the choice is made
    await expect.poll(ground).toBe(DARK);
    await page.reload();
    await page.waitForSelector('h1');
    await expect.poll(ground).toBe(DARK);
  });

  test('has what differs from the report that it was written to be compared with, without a file being opened', async () => {
    const { page, troubles } = await open(world);
    const found = page.locator('.banner a');
    expect(await page.locator('.banner').innerText()).toMatch(
      /\n3 differences from .*earlier\.json, and 1 variant that one of the two does not have/,
    );
    await found.click();
    const section = page.locator('section', { has: page.locator('#baseline-title') }).first();
    const text = await section.innerText();
    expect(text).toMatch(/The earlier report is .*earlier\.json, which Holdfast 0\.0\.9 has written\./);
    expect(text).toMatch(/I2 NoLateWalk\s+✓ holds\s+✗ violated\s+27 steps/);
    expect(text).toMatch(/I4 NoOrphan\s+✗ violated\s+9 steps\s+✗ violated\s+7 steps/);
    expect(text).toMatch(/states\s+70,000\s+73,068/);
    expect(text).toContain('Only the earlier report has 1 variant: world another.');
    await section.getByRole('link', { name: 'I2 NoLateWalk' }).click();
    expect(await placeOf(page)).toMatch(/of 27$/);
    expect(troubles).toEqual([]);
  });

  test('compares this report with another from disk', async () => {
    const { page, troubles } = await open(world, '#/compare');
    const field = page.locator('input[type=file]');
    const other = join(folder, 'other.html');
    writeFileSync(other, readFileSync(world, 'utf8').replace('"states":73068', '"states":70000'));
    await field.setInputFiles(other);
    const table = page.locator('[aria-labelledby=reports-title] [aria-label="Differences of the reports"]');
    await table.waitFor();
    expect(await table.innerText()).toMatch(/states\s+70,000\s+73,068/);
    await field.setInputFiles(world);
    await page.getByText('No verdict, no run length and no figure differs').waitFor();
    writeFileSync(other, 'nonsense');
    await field.setInputFiles(other);
    await page.getByRole('alert').waitFor();
    expect(troubles).toEqual([]);
  });

  test('lights the state of a machine, and lists first what no step takes', async () => {
    const { page } = await open(world, `#/machines?${LATE_WALK}&at=22&actor=notifier.0`);
    expect(await page.locator('.box.lit text').first().textContent()).toBe('resolved');
    expect(await page.locator('.edge.now').count()).toBe(1);
    expect(await page.locator('svg .on.never').count()).toBeGreaterThan(0);
    expect(await page.locator('section.never').innerText()).toContain('never taken by any step');
    await page.keyboard.press('j');
    expect(await page.locator('.box.lit text').first().textContent()).toBe('calling');
  });

  test('shows what a hostile model is called, and does nothing that it says', async () => {
    const name =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: meant as it stands
      '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\'\u2028\u001b[31m${alert(3)}`{{x}}<!--';
    const file = join(folder, 'hostile.html');
    writeFileSync(file, await hostilePage(name));
    for (const screen of SCREENS) {
      const { page, troubles } = await open(file, `#/${screen}?at=1`);
      const text = await page.locator('main').innerText();
      expect(text).toContain('</script><script>alert(1)');
      expect([...text].filter((char) => char !== '\n' && char !== '\t' && /[\p{Cc}\p{Zl}]/u.test(char))).toEqual([]);
      expect(await page.locator('img, main script, iframe').count()).toBe(0);
      expect(troubles).toEqual([]);
      await page.close();
    }
  });

  test('is not stopped by a name of a megabyte', async () => {
    const file = join(folder, 'long.html');
    writeFileSync(file, await hostilePage('n'.repeat(2 ** 20)));
    for (const screen of ['overview', 'run', 'machines']) {
      const { page, troubles } = await open(file, `#/${screen}?at=1`);
      expect((await page.locator('main').innerText()).length).toBeLessThan(50_000);
      expect(await widthOf(page)).toBeLessThanOrEqual(1_280);
      expect(troubles).toEqual([]);
      await page.close();
    }
  });

  test('goes on without end where it is served', async () => {
    const args = ['src/main.ts', 'serve', ...WORLD, '--max-states', '2000'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const address = await new Promise<string>((resolve, reject) => {
        let said = '';
        child.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          const [found] = /http:\/\/127\.0\.0\.1:\d+\//.exec(said) ?? [];
          if (found !== undefined) resolve(found);
        });
        child.on('exit', () => reject(new Error(said)));
      });
      const { page, troubles } = watched(await browser.newPage());
      await page.goto(`${address}#/run?property=`);
      for (let step = 0; step < 25; step++) {
        await page.locator('.ahead button').first().waitFor();
        await page.keyboard.press('1');
      }
      expect(await placeOf(page)).toBe('step 25 of 25');
      await page.reload();
      await page.waitForSelector('.stepper');
      expect(await page.locator('h1').innerText()).toBe('A walk from the start');
      expect(troubles).toEqual([]);
    } finally {
      child.kill();
    }
  });
});
