import type { Random } from '../../../model/random.ts';
import { unreachable } from '../../../dsl/util/index.ts';
import type { MarketSettings } from './settings.ts';

/** Daily log returns and the standard deviation from which each was drawn. */
export interface Returns {
  readonly values: Float64Array;
  readonly deviations: Float64Array;
}

/**
 * Draws the returns of a market; the moments hold for every day, the first included.
 *
 * - `random-walk`: independent, normal with mean `drift` and deviation `volatility`. Nothing about it can be forecast.
 * - `garch`: GARCH(1,1) (Bollerslev 1986) with normal shocks, started from its stationary mean: variance ω + α·shock² + β·variance with
 *   ω = volatility²·(1 − α − β), so that the long-run deviation is `volatility`. Its size can be forecast, its direction not.
 * - `regimes`: two states with their own drift and deviation, changed with the given chances each day (Hamilton 1989); the first
 *   state is drawn from the stationary shares, `otherLeave / (leave + otherLeave)` for the first regime.
 * - `signal`: sizes as of a random walk without drift, but the sign is that of the day before with chance `strength`. Each day by itself is
 *   normal, lag-one autocorrelation is (2·strength − 1)·2/π, and always betting on the last sign is right in `strength` of days.
 */
export function drawReturns({ kind, numbers }: MarketSettings, random: Random): Returns {
  const { days, volatility, drift = 0 } = numbers as { readonly days: number; readonly volatility: number; readonly drift?: number };
  const values = new Float64Array(days);
  const deviations = new Float64Array(days).fill(volatility);
  switch (kind) {
    case 'random-walk':
      for (let day = 0; day < days; day++) values[day] = drift + volatility * random.normal();
      break;
    case 'garch': {
      const { alpha, beta } = numbers as { readonly alpha: number; readonly beta: number };
      const omega = volatility ** 2 * (1 - alpha - beta);
      let variance = volatility ** 2;
      for (let day = 0; day < days; day++) {
        deviations[day] = Math.sqrt(variance);
        const shock = deviations[day]! * random.normal();
        values[day] = drift + shock;
        variance = omega + alpha * shock ** 2 + beta * variance;
      }
      break;
    }
    case 'regimes': {
      const { otherVolatility, otherDrift, leave, otherLeave } = numbers as Readonly<Record<'otherVolatility' | 'otherDrift' | 'leave' | 'otherLeave', number>>;
      // Without any change both regimes are as likely.
      let isOther = random.uniform() < (leave + otherLeave === 0 ? 0.5 : leave / (leave + otherLeave));
      for (let day = 0; day < days; day++) {
        deviations[day] = isOther ? otherVolatility : volatility;
        values[day] = (isOther ? otherDrift : drift) + deviations[day]! * random.normal();
        if (random.uniform() < (isOther ? otherLeave : leave)) isOther = !isOther;
      }
      break;
    }
    case 'signal': {
      const { strength } = numbers as { readonly strength: number };
      let sign = random.uniform() < 0.5 ? -1 : 1;
      for (let day = 0; day < days; day++) {
        values[day] = sign * Math.abs(volatility * random.normal());
        if (random.uniform() >= strength) sign = -sign;
      }
      break;
    }
    default:
      unreachable(kind);
  }
  return { values, deviations };
}
