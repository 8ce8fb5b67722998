import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from '../src/explore/check.ts';
import type { Model } from '../src/explore/model.ts';
import { gather } from '../src/ledger/gather.ts';

/** docs/guide.md is written by hand. What it says of models is held to them here. */
const root = resolve(import.meta.dirname, '..');
const text = readFileSync(join(root, 'docs/guide.md'), 'utf8');
const { models, mails, claims, bugs, hazards } = await gather(root);
const modelOf = (name: string): Model | undefined => models.find(({ model }) => model.name === name)?.model;
const codeIn = (part: string): string[] => [...part.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);

describe('the reader’s guide', () => {
  test('leads from every mail to models, and to variants that they have', () => {
    const sections = text.split(/^\*\*(?=S\d)/m).slice(1);
    expect(sections.map((section) => section.slice(0, 4))).toEqual(Object.keys(mails));
    for (const section of sections) {
      const rows = section.split('\n').filter((line) => line.startsWith('| ') && line.includes('`'));
      expect(rows.length, section.slice(0, 4)).toBeGreaterThan(2);
      for (const row of rows) {
        const [, , model, variants] = row.split('|').map((cell) => cell.trim());
        const names = modelOf(codeIn(model!)[0]!)?.variants.map(({ name }) => name);
        expect(names, model).toEqual(expect.arrayContaining(codeIn(variants!)));
      }
    }
  });

  test('names variants of umount-window where it tells of repairs', () => {
    const repairs = text.split('\n').filter((line) => /^(\d\.| {3}\S)/.test(line));
    expect(repairs.length).toBeGreaterThan(4);
    const names = modelOf('umount-window')!.variants.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(repairs.flatMap(codeIn)));
  });

  test('says of what changes what it was before', () => {
    const { variants } = JSON.parse(readFileSync(join(root, 'models/figures/umount-window.ts.json'), 'utf8'));
    const [, states, transitions] = /umount-window P6 \(.*was (\d+)\).*was (\d+)\)/.exec(text)!.map(Number);
    expect(variants.P6).toMatchObject({ states, transitions });
  });

  test('names rows that there are, and files', () => {
    const rows = new Set([...claims, ...bugs, ...hazards].map(({ id }) => id));
    const named = text.match(/\b(?:S\d{3}-\d\d|KB-\d\d|H-\d\d)\b/g) ?? [];
    expect(named.filter((row) => !rows.has(row))).toEqual([]);
    const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([]);
  });

  test('tells a run that is the one that its command prints, step by step', () => {
    const command = /check (\S+) --variant (\S+) --property "([^"]+)" +# violated, (\d+) steps/.exec(text);
    expect(command).not.toBeNull();
    const [, file, variant, property, steps] = command!;
    const { model } = models.find((one) => one.file === file)!;
    const report = check(model, model.variants.find(({ name }) => name === variant)!);
    const verdict = report.verdicts.find((one) => one.property === property)!;
    expect(verdict).toMatchObject({ kind: 'violated', steps: Number(steps) });

    const told = [...text.matchAll(/^- \*\*(\d+)(?:–(\d+))?\.\*\* ((?:.|\n(?! *\n|- ))+)/gm)].map(
      ([, from, to, prose]) => ({ from: Number(from), to: Number(to ?? from), prose: prose! }),
    );
    let next = 1;
    for (const { from, to, prose } of told) {
      expect(from).toBe(next);
      const messages = verdict.run!.steps.slice(from - 1, to).map(({ label }) => label.message.type);
      expect(codeIn(prose).filter((code) => /^\w+\.\w+$/.test(code))).toEqual(messages);
      next = to + 1;
    }
    expect(next - 1).toBe(Number(steps));
  });
});
