import { z } from 'zod';

/**
 * What the schema of SARIF 2.1.0 says of the objects that Holdfast writes, and of no others: strict, so that a field
 * that the schema does not have is found. (The whole schema is in no package that is small enough to be installed for
 * a test. What reports say, hostile names included, has been held against the whole of it by hand: that of SARIF Multitool 5.7.)
 */

const message = z.strictObject({ text: z.string() });
const uriReference = z.string().regex(/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?#]|%[0-9A-Fa-f]{2})*$/);
const physicalLocation = z.strictObject({
  artifactLocation: z.strictObject({ uri: uriReference }),
  region: z.strictObject({ startLine: z.int().min(1) }),
});
const logicalLocation = z.strictObject({
  name: z.string().optional(),
  fullyQualifiedName: z.string().optional(),
  kind: z.string().optional(),
});
const location = z.strictObject({
  message: message.optional(),
  physicalLocation,
  logicalLocations: z.array(logicalLocation).optional(),
});
const level = z.enum(['none', 'note', 'warning', 'error']);

const threadFlowLocation = z.strictObject({
  location,
  executionOrder: z.int().min(-1),
  importance: z.enum(['important', 'essential', 'unimportant']),
  state: z.record(z.string(), message).optional(),
});
const codeFlow = z.strictObject({
  message,
  threadFlows: z.array(z.strictObject({ locations: z.array(threadFlowLocation).min(1) })).min(1),
});

const result = z
  .strictObject({
    ruleId: z.string(),
    ruleIndex: z.int().min(-1),
    kind: z.enum(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']),
    level,
    message,
    locations: z.array(location),
    codeFlows: z.array(codeFlow).optional(),
    partialFingerprints: z.record(z.string(), z.string()),
    properties: z.looseObject({}),
  })
  .refine(({ kind, level }) => kind === 'fail' || level === 'none', 'a level is for failures alone');

const rule = z.strictObject({
  id: z.string(),
  shortDescription: message,
  fullDescription: message,
  help: message,
  defaultConfiguration: z.strictObject({ level }),
});

export const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.array(
    z
      .strictObject({
        tool: z.strictObject({
          driver: z.strictObject({
            name: z.string(),
            semanticVersion: z.string(),
            rules: z
              .array(rule)
              .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, 'ids are unique'),
          }),
        }),
        columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
        invocations: z.array(
          z.strictObject({
            executionSuccessful: z.boolean(),
            exitCode: z.int(),
            toolExecutionNotifications: z.array(z.strictObject({ level, message, locations: z.array(location) })),
          }),
        ),
        results: z.array(result),
      })
      .refine(
        ({ tool, results }) => results.every(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId),
        'every result names its rule',
      ),
  ),
});
