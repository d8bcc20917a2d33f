import { artifactCases } from './cases/artifacts.ts';
import { attemptCases } from './cases/attempts.ts';
import { conditionCases } from './cases/conditions.ts';
import { endCases } from './cases/ends.ts';
import { loopCases } from './cases/loops.ts';
import { moduleCases } from './cases/modules.ts';
import { textCases } from './cases/texts.ts';
import { valueCases } from './cases/values.ts';
import type { ParityCase } from './parity-case.ts';

/** Long runs first, so that nobody waits for them at the end. */
export const corpus: readonly ParityCase[] = [...endCases, ...attemptCases, ...moduleCases, ...loopCases, ...conditionCases, ...artifactCases, ...valueCases, ...textCases];
