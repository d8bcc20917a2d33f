import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultFeatureSet, describeFeatures, featureColumns, joinedFeatures, requiredBars } from '../../../model/features/index.ts';

const guide = readFileSync(new URL('../../../docs/guides/features.md', import.meta.url), 'utf8');

/** The catalogue as the guide has it. */
function table(): string {
  const rows = describeFeatures(defaultFeatureSet).map(({ kind, parameters, columns, inputs, bars, memory, availability, summary }) => [
    `\`${kind}\``,
    Object.entries(parameters).map(([name, value]) => `${name} ${value}`).join(', ') || '–',
    columns.map((column) => `\`${column}\``).join(', '),
    inputs.join(', '),
    `${bars}, ${memory}`,
    availability,
    summary,
  ]);
  return ['| feature | parameters | columns | reads | bars | known | meaning |', '|---|---|---|---|---|---|---|', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

describe('docs/guides/features.md', () => {
  // When it fails: put this table into the guide, in place of the one that is there.
  it('lists the features of the default set as they are declared', () => {
    expect(/\| feature \|[^]*?(?=\n\n)/.exec(guide)![0]).toBe(table());
  });

  it('counts them as they are', () => {
    expect(guide).toContain(`${defaultFeatureSet.features.length} features, ${featureColumns(defaultFeatureSet).length} columns`);
    expect(guide).toContain(`needs ${requiredBars(defaultFeatureSet)} bars`);
    for (const column of featureColumns({ features: joinedFeatures })) expect(guide).toContain(`\`vix_${column}\``);
  });
});
