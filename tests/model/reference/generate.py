"""Writes reference.json beside this file: figures of other people's software on series that are kept with them.

Made once with Python 3.11, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0, arch 8.0.0, scikit-learn 1.9.1:

    python -m pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0 arch==8.0.0 scikit-learn==1.9.1
    python tests/model/reference/generate.py

The tests compare against the file and never run this program.
"""

import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from arch.bootstrap import optimal_block_length
from scipy import special, stats
from sklearn import metrics
from sklearn.linear_model import LogisticRegression
from statsmodels.stats.contingency_tables import mcnemar

random = np.random.default_rng(20260301)


def rounded(values):
    return [round(float(value), 6) for value in values]


def autoregressive(coefficient, length):
    shocks = random.standard_normal(length + 50)
    values = np.zeros(length + 50)
    for at in range(1, length + 50):
        values[at] = coefficient * values[at - 1] + shocks[at]
    return rounded(values[50:])


def moving_sum(width, length):
    shocks = random.standard_normal(length + width - 1)
    return rounded(np.convolve(shocks, np.ones(width), "valid"))


def diebold_mariano(differences, horizon):
    """The t statistic of a constant with statsmodels' HAC errors (uniform kernel, h - 1 lags), times the factor of
    Harvey, Leybourne and Newbold."""
    values = np.array(differences)
    days = len(values)
    if horizon == 1:
        fit = sm.OLS(values, np.ones(days)).fit(cov_type="HC0")
    else:
        fit = sm.OLS(values, np.ones(days)).fit(
            cov_type="HAC", cov_kwds={"maxlags": horizon - 1, "kernel": "uniform", "use_correction": False}
        )
    factor = np.sqrt((days + 1 - 2 * horizon + horizon * (horizon - 1) / days) / days)
    statistic = float(fit.tvalues[0] * factor)
    bartlett = sm.OLS(values, np.ones(days)).fit(
        cov_type="HAC", cov_kwds={"maxlags": horizon - 1, "kernel": "bartlett", "use_correction": False}
    )
    return {
        "horizonDays": horizon,
        "statistic": statistic,
        "different": float(2 * stats.t.sf(abs(statistic), days - 1)),
        "bartlettStatistic": float(bartlett.tvalues[0] * factor),
    }


def pesaran_timmermann(counts):
    """The statistic as DACTest of the R package rugarch 1.5 computes it, from a table of (happened, said) counts."""
    days = sum(counts.values())
    p_x = (counts["upUp"] + counts["upDown"]) / days
    p_y = (counts["upUp"] + counts["downUp"]) / days
    p_hat = (counts["upUp"] + counts["downDown"]) / days
    p_star = p_y * p_x + (1 - p_y) * (1 - p_x)
    p_hat_var = p_star * (1 - p_star) / days
    p_star_var = (
        (2 * p_y - 1) ** 2 * (p_x * (1 - p_x)) / days
        + (2 * p_x - 1) ** 2 * (p_y * (1 - p_y)) / days
        + 4 * p_x * p_y * (1 - p_x) * (1 - p_y) / days**2
    )
    statistic = (p_hat - p_star) / np.sqrt(p_hat_var - p_star_var)
    return {"counts": counts, "statistic": float(statistic), "skilled": float(stats.norm.sf(statistic))}


series = {
    "independent": rounded(random.standard_normal(200)),
    "autoregressive 0.5": autoregressive(0.5, 300),
    "autoregressive 0.9": autoregressive(0.9, 400),
    "overlapping sums of 5": moving_sum(5, 250),
}
labels = [int(value) for value in random.integers(0, 2, 80)]
probabilities = rounded(np.clip(0.5 + 0.15 * (np.array(labels) - 0.5) + 0.2 * random.standard_normal(80), 0.02, 0.98))
actual = rounded(random.standard_normal(60))
predicted = rounded(0.4 * np.array(actual) + 0.7 * random.standard_normal(60))
daily = rounded(0.0006 + 0.01 * random.standard_t(4, 250))

lagged = np.array(series["autoregressive 0.5"])
design = np.column_stack([lagged[1:-1], lagged[:-2]])
outcome = (lagged[2:] > 0).astype(int)
# scikit-learn minimises ||w||^2 / 2 + C * sum of log-losses and leaves the intercept free.
logistic = LogisticRegression(C=1.0, tol=1e-12, max_iter=10_000, solver="newton-cholesky").fit(design, outcome)

reference = {
    "series": series,
    "blockLengths": {name: float(optimal_block_length(np.array(values))["stationary"].iloc[0]) for name, values in series.items()},
    "student": [
        {"x": x, "degrees": degrees, "cdf": float(stats.t.cdf(x, degrees))}
        for x, degrees in [(0, 3), (1, 1), (2, 10), (-2.5, 9), (-4, 959), (1.96, 249), (-30, 5), (0.001, 2)]
    ],
    "logGamma": [{"x": x, "value": float(special.gammaln(x))} for x in [0.5, 1, 1.5, 7.25, 100.5, 1e5]],
    "binomial": [
        {
            "successes": k,
            "trials": n,
            "probability": p,
            "different": float(stats.binomtest(k, n, p).pvalue),
            "greater": float(stats.binomtest(k, n, p, alternative="greater").pvalue),
            "less": float(stats.binomtest(k, n, p, alternative="less").pvalue),
        }
        for k, n, p in [(3, 15, 0.1), (11, 12, 0.5), (530, 961, 0.5525), (560, 961, 0.5525), (0, 7, 0.3), (7, 7, 0.3), (682, 925, 0.75)]
    ],
    "mcnemar": [
        {"onlyFirst": b, "onlySecond": c, "different": float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)}
        for b, c in [(7, 1), (11, 1), (40, 25), (3, 3)]
    ],
    "dieboldMariano": [
        {"series": name, **diebold_mariano(series[name], horizon)}
        for name, horizon in [("independent", 1), ("autoregressive 0.5", 1), ("autoregressive 0.5", 4), ("overlapping sums of 5", 5)]
    ],
    "pesaranTimmermann": [
        pesaran_timmermann({"upUp": a, "upDown": b, "downUp": c, "downDown": d})
        for a, b, c, d in [(300, 231, 210, 220), (30, 10, 15, 25), (5, 1, 1, 5), (400, 131, 330, 100)]
    ],
    "classification": {
        "labels": labels,
        "probabilities": probabilities,
        "balancedAccuracy": float(metrics.balanced_accuracy_score(labels, np.array(probabilities) >= 0.5)),
        "matthewsCorrelation": float(metrics.matthews_corrcoef(labels, np.array(probabilities) >= 0.5)),
        "areaUnderRoc": float(metrics.roc_auc_score(labels, probabilities)),
        "brierScore": float(metrics.brier_score_loss(labels, probabilities)),
        "logLoss": float(metrics.log_loss(labels, probabilities)),
    },
    "regression": {
        "actual": actual,
        "predicted": predicted,
        "meanAbsoluteError": float(metrics.mean_absolute_error(actual, predicted)),
        "meanSquaredError": float(metrics.mean_squared_error(actual, predicted)),
        "rSquared": float(metrics.r2_score(actual, predicted)),
    },
    "moments": {
        "daily": daily,
        "skewness": float(stats.skew(daily)),
        "kurtosis": float(stats.kurtosis(daily, fisher=False)),
    },
    "logistic": {
        "series": "autoregressive 0.5",
        "lags": 2,
        "penalty": 1.0,
        "intercept": float(logistic.intercept_[0]),
        "weights": [float(weight) for weight in logistic.coef_[0]],
    },
}

Path(__file__).with_name("reference.json").write_text(json.dumps(reference) + "\n")
