import { globSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executablePath, launched } from './chromium.ts';
import { documentsFor, HOSTILE, hostileModel } from './docs-fixtures.ts';

/** A `mermaid.min.js`. Mermaid brings a hundred packages along, so it is no dependency: whoever has it lets it draw all diagrams. */
const mermaid = process.env.HOLDFAST_MERMAID;

const published = () => globSync('docs/{models,machines}/*.{md,svg}').map((file) => readFileSync(file, 'utf8'));
const hostile = () => HOSTILE.flatMap((name) => [...documentsFor([hostileModel(name)]).values()]);

/** Where there is a browser, pictures are read by its parser of XML, which takes nothing that is not well-formed. */
describe.skipIf(executablePath === undefined)('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launched();
  });
  afterAll(() => browser?.close());

  test('every picture is an image, of hostile names too: XML without a script or anything that is fetched', async () => {
    const pictures = [...published(), ...hostile()].filter((text) => text.includes('<svg '));
    expect(pictures.length).toBeGreaterThanOrEqual(2 * HOSTILE.length);
    const page = await browser.newPage();
    const wrong = await page.evaluate((texts) => {
      interface Element {
        readonly localName: string;
        readonly namespaceURI: string;
        readonly attributes: Iterable<{ readonly name: string }>;
        querySelectorAll(selector: string): Iterable<Element>;
      }
      type Parser = new () => { parseFromString(text: string, type: string): { readonly documentElement: Element } };
      const { DOMParser } = globalThis as unknown as { DOMParser: Parser };
      const known = new Set(['svg', 'title', 'style', 'rect', 'text', 'path', 'circle']);
      return texts.filter((text) => {
        const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml');
        const elements = [root, ...root.querySelectorAll('*')];
        return !elements.every(
          (element) =>
            known.has(element.localName) &&
            element.namespaceURI === 'http://www.w3.org/2000/svg' &&
            [...element.attributes].every(({ name }) => !/^on|href/.test(name)),
        );
      });
    }, pictures);
    expect(wrong).toEqual([]);
  });

  test.skipIf(mermaid === undefined)('Mermaid draws every diagram', { timeout: 600_000 }, async () => {
    const page = await browser.newPage();
    await page.addScriptTag({ path: mermaid! });
    const diagrams = [...published(), ...hostile()].flatMap((text) =>
      [...text.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].map(([, diagram]) => diagram!),
    );
    const wrong: string[] = [];
    for (const diagram of diagrams) {
      const error = await page.evaluate(async (text) => {
        interface Mermaid {
          initialize(options: object): void;
          render(id: string, text: string): Promise<unknown>;
        }
        const { mermaid } = globalThis as unknown as { mermaid: Mermaid };
        mermaid.initialize({ startOnLoad: false });
        try {
          await mermaid.render('diagram', text);
          return undefined;
        } catch (reason) {
          return String(reason);
        }
      }, diagram);
      if (error !== undefined) wrong.push(`${error}\n${diagram}`);
    }
    expect(wrong).toEqual([]);
  });
});
