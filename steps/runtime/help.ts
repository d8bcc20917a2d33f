import { describeType, encodeValue, type StepContract } from '../../dsl/contract/index.ts';

/** What `--help` prints: the contract, readable by a person who has only the image. */
export function helpOf(contract: StepContract): string {
  const rows: (readonly [left: string, right: string])[] = [];
  for (const [name, { type, description, default: fallback }] of Object.entries(contract.parameters)) {
    rows.push([`--parameter ${name}=VALUE`, sentence(describeType(type), fallback === undefined ? undefined : `default ${encodeValue(type, fallback)}`, description)]);
  }
  for (const [name, { artifact, many, optional, description }] of Object.entries(contract.inputs)) {
    rows.push([`--input ${name}=PATH`, sentence(many ? `a folder with one ${artifact.kind} per item` : artifact.kind, optional ? 'may be absent' : undefined, description)]);
  }
  for (const [name, { artifact, description }] of Object.entries(contract.outputs)) rows.push([`--output ${name}=PATH`, sentence(`where to write: ${artifact.kind}`, undefined, description)]);
  for (const [name, { type, description }] of Object.entries(contract.results)) rows.push([`--result ${name}=PATH`, sentence(`where to write: ${describeType(type)}`, undefined, description)]);
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return [
    `${contract.name}${contract.description === undefined ? '' : `: ${contract.description}`}`,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    ...(contract.environment.length === 0 ? [] : ['', `Variables that it reads: ${contract.environment.join(', ')}.`]),
    '',
    'Ends with 0 when done, 64 when called wrongly or given bad data, 1 when it failed, 143 when it was ended.',
  ].join('\n');
}

function sentence(what: string, remark: string | undefined, description: string | undefined): string {
  return `${what}${remark === undefined ? '' : ` (${remark})`}${description === undefined ? '' : `. ${description}`}`;
}
