import { CALIBRATION_METHODS, type Calibration, type ScoreKind } from '../calibration/index.ts';
import type { Target } from '../training/settings.ts';
import { readList, readMember, readNumber, readOneOf, readShare, refuse, type Place } from './reader.ts';

/** The kind of score that a target has. */
export function readScore(place: Place, target: Target): ScoreKind {
  const kind = readOneOf(readMember(place, 'kind'), target === 'return' ? ['return'] : ['log-odds']);
  if (kind === 'log-odds') return { kind };
  const scale = readMember(place, 'residualScale');
  const residualScale = readNumber(scale);
  return residualScale > 0 ? { kind: 'return', residualScale } : refuse(scale, 'above 0');
}

export function readCalibration(place: Place): Calibration {
  const method = readOneOf(readMember(place, 'method'), CALIBRATION_METHODS);
  switch (method) {
    case 'none':
      return { method };
    case 'platt':
      return { method, slope: readNumber(readMember(place, 'slope')), intercept: readNumber(readMember(place, 'intercept')) };
    case 'isotonic': {
      const scores = readList(readMember(place, 'scores'), readNumber);
      const probabilities = readList(readMember(place, 'probabilities'), readShare);
      if (scores.length === 0 || scores.some((score, at) => at > 0 && score <= scores[at - 1]!)) refuse(readMember(place, 'scores'), 'a list of rising numbers');
      if (probabilities.length !== scores.length || probabilities.some((share, at) => at > 0 && share < probabilities[at - 1]!)) {
        refuse(readMember(place, 'probabilities'), 'a list that does not fall, with one number per score');
      }
      return { method, scores, probabilities };
    }
  }
}
