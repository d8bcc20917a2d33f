"""Writes trees.json beside this file: what other people's boosting and calibration make of rows that are kept with them.

Made once with Python 3.11, numpy 2.4.6, scikit-learn 1.9.1, xgboost 3.2.0:

    python -m pip install numpy==2.4.6 scikit-learn==1.9.1 xgboost==3.2.0
    python tests/model/reference/generate-trees.py

The tests compare against the file and never run this program.
"""

import json
from pathlib import Path

import numpy as np
import xgboost
from sklearn.calibration import _SigmoidCalibration
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.isotonic import IsotonicRegression
from sklearn.utils.class_weight import compute_sample_weight

random = np.random.default_rng(20260302)


def draw(rows, columns, digits=4):
    """Single precision, because that is what models are given."""
    return random.standard_normal((rows, columns)).round(digits).astype(np.float32)


def direction(x):
    score = 1.2 * x[:, 0] + 1.5 * x[:, 1] * x[:, 2] - 0.4
    return (score + random.standard_normal(len(x)) > 0).astype(int)


def returns(x):
    value = 0.3 * x[:, 0] + 0.5 * np.maximum(x[:, 1], 0) + 0.3 * random.standard_normal(len(x))
    return value.round(4).astype(np.float32)


def settings(**changes):
    return {"maxTrees": 20, "learningRate": 0.1, "maxDepth": 3, "minRows": 5, "l2": 1.0, "bins": 32, "classWeighting": "none", **changes}


def histogram(kind, given):
    options = dict(
        max_iter=given["maxTrees"], learning_rate=given["learningRate"], max_depth=given["maxDepth"], max_leaf_nodes=None,
        min_samples_leaf=given["minRows"], l2_regularization=given["l2"], max_bins=given["bins"], early_stopping=False,
    )
    if kind == "log":
        return HistGradientBoostingClassifier(**options)
    return HistGradientBoostingRegressor(loss="squared_error", **options)


def first_tree(model):
    """Questions and answers from the root, left first."""
    nodes = model._predictors[0][0].nodes

    def describe(at):
        node = nodes[at]
        if node["is_leaf"]:
            return {"value": float(node["value"])}
        return {"column": int(node["feature_idx"]), "threshold": float(node["num_threshold"]), "left": describe(node["left"]), "right": describe(node["right"])}

    return describe(0)


def boosted(kind, rows, columns, digits, given):
    x, other = draw(rows, columns, digits), draw(200, columns, digits)
    y = direction(x) if kind == "log" else returns(x)
    weights = compute_sample_weight("balanced", y) if given["classWeighting"] == "balanced" else None
    model = histogram(kind, given).fit(x.astype(np.float64), y, sample_weight=weights)
    scores = model.decision_function(other.astype(np.float64)) if kind == "log" else model.predict(other.astype(np.float64))
    return {
        "loss": "log" if kind == "log" else "squared",
        "settings": given,
        "columns": columns,
        "features": [round(float(value), digits) for value in x.ravel()],
        "labels": [round(float(value), 4) for value in y],
        "judged": [round(float(value), digits) for value in other.ravel()],
        "baseline": float(model._baseline_prediction.ravel()[0]),
        "firstTree": first_tree(model),
        "scores": [float(value) for value in scores],
    }


def exact():
    """XGBoost's exact greedy algorithm on few rows with few values, with its own names for the limits."""
    x = random.integers(0, 6, (60, 3)).astype(np.float32)
    y = ((x[:, 0] > 2) ^ (x[:, 1] > 3)).astype(int)
    y[::7] = 1 - y[::7]
    options = {"objective": "binary:logistic", "tree_method": "exact", "eta": 0.3, "max_depth": 3, "lambda": 2.0, "min_child_weight": 1.5, "base_score": float(y.mean())}
    model = xgboost.train(options, xgboost.DMatrix(x, y), num_boost_round=3)
    return {
        "features": [float(value) for value in x.ravel()],
        "columns": 3,
        "labels": [int(value) for value in y],
        "l2": 2.0, "minChildWeight": 1.5, "learningRate": 0.3, "maxDepth": 3, "trees": 3,
        "scores": [float(value) for value in model.predict(xgboost.DMatrix(x), output_margin=True)],
    }


def calibration(rows):
    scores = random.standard_normal(rows).round(1)
    labels = (random.random(rows) < 1 / (1 + np.exp(-(0.6 * scores + 0.2)))).astype(int)
    fit = _SigmoidCalibration().fit(scores, labels)
    isotonic = IsotonicRegression(out_of_bounds="clip", y_min=1 / (rows + 2), y_max=1 - 1 / (rows + 2)).fit(scores, labels)
    asked = np.linspace(-4, 4, 33)
    return {
        "scores": [float(value) for value in scores],
        "labels": [int(value) for value in labels],
        # scikit-learn writes 1 / (1 + exp(a * score + b)).
        "platt": {"slope": -float(fit.a_), "intercept": -float(fit.b_)},
        "asked": [float(value) for value in asked],
        "isotonic": [float(value) for value in isotonic.predict(asked)],
    }


document = {
    "boosted": {
        "few values": boosted("log", 150, 3, 1, settings(maxTrees=1, bins=255)),
        "quantile bins": boosted("log", 400, 5, 4, settings()),
        "balanced classes": boosted("log", 300, 4, 1, settings(classWeighting="balanced", l2=0.0, bins=255)),
        "returns": boosted("squared", 300, 4, 4, settings(maxDepth=4)),
    },
    "exact": exact(),
    "calibration": [calibration(40), calibration(400)],
}
path = Path(__file__).parent / "trees.json"
path.write_text(json.dumps(document, separators=(",", ":")) + "\n")
