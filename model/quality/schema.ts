import { CALENDAR_NAMES } from './calendar/calendar.ts';
import { SHARE } from './check.ts';
import { CHECK_NAMES, checkOf, type CheckName } from './checks/index.ts';
import { RULES_FORMAT } from './document.ts';

type Schema = Readonly<Record<string, unknown>>;

/** JSON Schema of a rules document but for the settings of its rules: which those are depends on the check. */
export const DOCUMENT_SCHEMA: Schema = {
  type: 'object',
  required: ['format', 'rules'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    format: { const: RULES_FORMAT },
    calendar: { enum: CALENDAR_NAMES, default: 'XNYS' },
    maximumQuarantinedShare: { ...SHARE, default: 0.01 },
    rules: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['check'], properties: { check: { enum: CHECK_NAMES } } },
    },
  },
};

/** JSON Schema of a rule with a check. `id` is the check's name and `severity` its usual one where they are left out. */
export function ruleSchema(name: CheckName): Schema {
  const { settings, severities } = checkOf(name);
  const properties = settings as Readonly<Record<string, Schema>>;
  return {
    type: 'object',
    required: ['id', 'check', 'severity', ...Object.entries(properties).filter(([, schema]) => !('default' in schema)).map(([setting]) => setting)],
    additionalProperties: false,
    properties: {
      id: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]*$', default: name },
      check: { const: name },
      severity: { enum: severities, default: severities[0] },
      note: { type: 'string' },
      ...properties,
    },
  };
}
