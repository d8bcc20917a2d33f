import { BAR_COLUMNS } from '../bars.ts';
import type { ColumnTypeName } from './checks/structure.ts';
import type { RulesDocument, RuleSettings } from './document.ts';

/** What the columns of a dataset of bars are, where no rule declares them otherwise; docs/guides/data.md lists them. */
const USUAL: Readonly<Record<string, ColumnTypeName>> = {
  date: 'date', ...Object.fromEntries(BAR_COLUMNS.map((column) => [column, 'float64' as const])), symbol: 'string', eventTime: 'string', availableAt: 'string', line: 'int32',
};

/** A rule about a column that can never hold what it asks about. */
export interface Mismatch {
  /** Number of the rule, and the setting that names the column. */
  readonly rule: number;
  readonly setting: string;
  readonly column: string;
  readonly type: ColumnTypeName;
  readonly wanted: 'numbers' | 'texts';
}

/** Rules that ask for numbers of a column of texts, or for texts of one of numbers. Columns that nobody declares may be anything. */
export function mismatchesOf({ rules }: RulesDocument): readonly Mismatch[] {
  const declared = rules.flatMap((rule) => (rule.check === 'columns' ? Object.entries(rule.columns) : []));
  const types: Readonly<Record<string, ColumnTypeName>> = { ...USUAL, ...Object.fromEntries(declared) };
  return rules.flatMap((rule, at) =>
    columnsAskedBy(rule).flatMap(({ setting, columns, wanted }) =>
      columns.flatMap((column) => {
        const type = Object.hasOwn(types, column) ? types[column]! : undefined;
        return type === undefined || holds(type, wanted) ? [] : [{ rule: at, setting, column, type, wanted }];
      })));
}

interface Asked {
  readonly setting: string;
  readonly columns: readonly string[];
  readonly wanted: Mismatch['wanted'];
}

function columnsAskedBy(rule: RuleSettings): readonly Asked[] {
  switch (rule.check) {
    case 'range':
      return [{ setting: 'columns', columns: Object.keys(rule.columns), wanted: 'numbers' }];
    case 'text':
      return [{ setting: 'columns', columns: Object.keys(rule.columns), wanted: 'texts' }];
    case 'complete':
    case 'null-share':
    case 'zero-share':
    case 'restated':
      return [{ setting: 'columns', columns: rule.columns, wanted: 'numbers' }];
    case 'flat':
      return [{ setting: 'column', columns: [rule.column], wanted: 'numbers' }];
    case 'drift':
      return [{ setting: 'features', columns: rule.features, wanted: 'numbers' }];
    default:
      return [];
  }
}

/** A boolean has nothing to measure, and is no text. */
function holds(type: ColumnTypeName, wanted: Mismatch['wanted']): boolean {
  return wanted === 'numbers' ? type === 'float64' || type === 'int32' : type === 'date' || type === 'string';
}
