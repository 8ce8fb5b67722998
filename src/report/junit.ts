import { type Finding, findingsOf, ofVerdict } from './findings.ts';
import type { Checked, Outcome } from './outcome.ts';
import { safe } from './text.ts';
import { outcomeLabel } from './words.ts';

/**
 * Everything that was found out as JUnit has it, for whatever draws test reports: a suite for each variant, a case
 * for each property.
 *
 * A case fails where its verdict is not what is expected; what a search that was stopped has left open is an error,
 * and never a success.
 */
export function junitText(outcomes: readonly Outcome[]): string {
  const suites = outcomes.map(suiteOf);
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="holdfast"${tally(cases)} time="${total(suites.map(({ seconds }) => seconds))}">`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}

interface Case {
  readonly name: string;
  readonly finding?: Finding;
}

interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly Case[];
}

function suiteOf(outcome: Outcome): Suite {
  const name = outcomeLabel(outcome);
  const findings = findingsOf(outcome);
  if (outcome.kind !== 'checked') {
    const claim = outcome.kind === 'stale' ? 'figures' : 'can be checked';
    return { name, seconds: 0, cases: findings.map((finding) => ({ name: claim, finding })) };
  }
  return { name, seconds: outcome.report.stats.milliseconds / 1000, cases: casesOf(outcome, findings) };
}

function casesOf({ report, subject }: Checked, findings: readonly Finding[]): Case[] {
  const properties = report.verdicts.map((verdict): Case => {
    const finding = findings.find((each) => each.verdict === verdict);
    return { name: ofVerdict(subject, verdict).name, ...(finding && { finding }) };
  });
  const figures = findings.filter(({ kind }) => kind === 'figure');
  return [...properties, ...figures.map((finding) => ({ name: finding.name, finding }))];
}

function suiteLines({ name, seconds, cases }: Suite): string[] {
  return [
    `  <testsuite name="${attribute(name)}"${tally(cases)} time="${total([seconds])}">`,
    ...cases.flatMap((one) => caseLines(name, one)),
    '  </testsuite>',
  ];
}

function caseLines(suite: string, { name, finding }: Case): string[] {
  const start = `    <testcase classname="${attribute(suite)}" name="${attribute(name)}"`;
  if (finding === undefined) return [`${start}/>`];
  const { kind, title, fault, lines, verdict } = finding;
  const element = isError(finding) ? 'error' : 'failure';
  const text = [title, ...(fault === undefined ? [] : [fault]), '', ...lines].map(content).join('\n');
  return [
    `${start}>`,
    `      <${element} type="${attribute(verdict?.kind ?? kind)}" message="${attribute(fault === undefined ? title : `${title}: ${fault}`)}">`,
    text,
    `      </${element}>`,
    '    </testcase>',
  ];
}

const isError = ({ kind }: Finding): boolean => kind === 'error' || kind === 'unknown';

function tally(cases: readonly Case[]): string {
  const [errors, failures] = [true, false].map(
    (wanted) => cases.filter(({ finding }) => finding !== undefined && isError(finding) === wanted).length,
  );
  return ` tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="0"`;
}

const total = (seconds: readonly number[]): string => seconds.reduce((sum, each) => sum + each, 0).toFixed(3);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text in which nothing is markup, and nothing that XML has no place for. */
const content = (text: string): string => safe(text).replace(/[&<>"']/g, (char) => ENTITIES[char]!);

const attribute = content;
