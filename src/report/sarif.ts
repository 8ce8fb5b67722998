import { createHash } from 'node:crypto';
import type { Run, RunStep, Verdict } from '../explore/verdict.ts';
import { changes } from './change.ts';
import { type Finding, findingsOf } from './findings.ts';
import type { Locate } from './github.ts';
import { jsonOf } from './json-text.ts';
import { type Outcome, standingOf } from './outcome.ts';
import { actorNames, data, messageText, quoted, safe } from './text.ts';

/**
 * What is not as expected as SARIF 2.1.0, for code scanning and editors: a result for each, and in its code flow the
 * run, step by step.
 *
 * What is as expected is no result. What a search that was stopped has left open is one of the kind `open`; models
 * that cannot be checked are notifications of the invocation.
 */
export function sarifText(outcomes: readonly Outcome[], exit: number, version: string, locate: Locate): string {
  const findings = outcomes.flatMap(findingsOf);
  const results = findings.filter(({ kind }) => kind !== 'error');
  const rules = rulesOf(results);
  const ids = rules.map(({ id }) => id);
  const document = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Holdfast', semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: outcomes.every((outcome) => !['malformed', 'fault'].includes(standingOf(outcome))),
            exitCode: exit,
            toolExecutionNotifications: findings
              .filter(({ kind }) => kind === 'error')
              .map((finding) => notification(finding, locate)),
          },
        ],
        results: results.map((finding) => resultOf(finding, ids.indexOf(idOf(finding)), locate)),
      },
    ],
  };
  return `${jsonOf(document, 2)}\n`;
}

/** A rule for each property of each model; the figures of a model are one. */
function rulesOf(findings: readonly Finding[]) {
  const byId = new Map(findings.map((finding) => [idOf(finding), finding]));
  return [...byId].map(([id, finding]) => {
    const { kind, name, subject, verdict } = finding;
    const figures = 'A variant has the figures that are expected of it, and that were measured of it before.';
    const claim = safe(verdict?.about ?? (kind === 'figure' ? figures : name));
    const model = subject === undefined ? '' : `It is claimed of the model ${quoted(subject.model.name)}. `;
    return {
      id,
      shortDescription: message(claim),
      fullDescription: message(`${claim} ${model}`.trimEnd()),
      help: message(
        `${model}A result says which variant, and how to see it again; holdfast list shows what else is claimed.`,
      ),
      defaultConfiguration: { level: 'error' },
    };
  });
}

const idOf = ({ subject, kind, name }: Finding): string =>
  `${safe(subject?.model.name ?? name)}: ${kind === 'figure' ? 'figures' : name}`;

function resultOf(finding: Finding, ruleIndex: number, locate: Locate) {
  const { kind, label, title, fault, verdict, lines } = finding;
  const isOpen = kind === 'unknown';
  const run = verdict?.run;
  const fingerprint = hashOf([idOf(finding), label, run === undefined ? title : run.steps.map((step) => step.label)]);
  return {
    ruleId: idOf(finding),
    ruleIndex,
    kind: isOpen ? 'open' : 'fail',
    level: isOpen ? 'none' : 'error',
    message: message([`${label}: ${title}`, ...(fault === undefined ? [] : [fault])].join('\n')),
    locations: [{ ...locationOf(finding, locate), logicalLocations: [{ fullyQualifiedName: label, kind: 'variant' }] }],
    ...(run !== undefined && verdict?.kind === 'violated' && { codeFlows: [codeFlow(verdict, run, finding, locate)] }),
    partialFingerprints: { 'holdfastRun/v1': fingerprint },
    properties: {
      reproduce: lines.findLast((line) => line.startsWith('reproduce: ')) ?? '',
      ...(verdict?.steps !== undefined && { steps: verdict.steps }),
    },
  };
}

function codeFlow({ property }: Verdict, run: Run, finding: Finding, locate: Locate) {
  const name = actorNames(run.initial);
  const steps = run.steps.map((step, i) => ({
    location: {
      ...locationOf(finding, locate),
      message: message(`${i + 1} ${name(step.label)}: ${messageText(step.label.message)}`),
      logicalLocations: [{ name: name(step.label), kind: 'actor' }],
    },
    executionOrder: i + 1,
    importance: i === run.steps.length - 1 ? 'essential' : 'important',
    state: stateAfter(step, name),
  }));
  const start = {
    location: { ...locationOf(finding, locate), message: message('the initial state') },
    executionOrder: 0,
    importance: steps.length === 0 ? 'essential' : 'unimportant',
  };
  return {
    message: message(`a run that violates ${quoted(property)}`),
    threadFlows: [{ locations: [start, ...steps] }],
  };
}

/** Every actor that the step has changed, and how. */
function stateAfter({ changed }: RunStep, name: ReturnType<typeof actorNames>): Record<string, { text: string }> {
  const state: Record<string, { text: string }> = {};
  for (const { before, after } of changed) {
    const value = message(changes(before, after).join('; '));
    Object.defineProperty(state, name(after), { value, enumerable: true });
  }
  return state;
}

const notification = (finding: Finding, locate: Locate) => ({
  level: 'error',
  message: message([`${finding.label}: ${finding.title}`, ...finding.lines].join('\n')),
  locations: [locationOf(finding, locate)],
});

function locationOf({ file, subject }: Finding, locate: Locate) {
  const { path, line } = locate(file, subject);
  const uri = path
    .split('/')
    .map((part) => encodeURIComponent(part.toWellFormed()))
    .join('/');
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: line } } };
}

/** In a message of SARIF braces enclose what is to be filled in, and brackets a link: data are written with others. */
const message = (text: string): { text: string } => ({
  text: text.replaceAll('{', '(').replaceAll('}', ')').replaceAll('](', '] ('),
});

const hashOf = (parts: readonly unknown[]): string => createHash('sha256').update(data(parts)).digest('hex');
