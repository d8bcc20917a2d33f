"""Reads with MLflow's own client all that an export has sent, and prints it as JSON.

Usage: read-back.py ADDRESS EXPERIMENT
"""

import hashlib
import json
import math
import os
import sys
import tempfile

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

address, experiment_name = sys.argv[1:3]
mlflow.set_tracking_uri(address)
client = MlflowClient()
experiment = client.get_experiment_by_name(experiment_name)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def number(value):
    return value if math.isfinite(value) else str(value)


def files_of(folder):
    return {
        os.path.relpath(os.path.join(root, name), folder): sha256(os.path.join(root, name))
        for root, _, names in os.walk(folder)
        for name in names
    }


def describe(run):
    with tempfile.TemporaryDirectory() as folder:
        artifacts = files_of(client.download_artifacts(run.info.run_id, "", folder))
    return {
        "name": run.info.run_name,
        "status": run.info.status,
        "start": run.info.start_time,
        "end": run.info.end_time,
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {
            key: [[point.step, number(point.value), point.timestamp] for point in client.get_metric_history(run.info.run_id, key)]
            for key in run.data.metrics
        },
        "artifacts": artifacts,
        "datasets": [
            {
                "name": entry.dataset.name,
                "digest": entry.dataset.digest,
                "schema": entry.dataset.schema,
                "context": {tag.key: tag.value for tag in entry.tags},
                "bytes": sha256(mlflow.data.get_source(entry).load()),
            }
            for entry in run.inputs.dataset_inputs
        ],
        "outputs": [output.model_id for output in run.outputs.model_outputs] if run.outputs else [],
    }


def describe_model(model):
    with tempfile.TemporaryDirectory() as folder:
        files = files_of(mlflow.artifacts.download_artifacts(f"models:/{model.model_id}", dst_path=folder))
        # Written by this client, not downloaded: which registered model it is.
        files.pop("registered_model_meta", None)
    info = mlflow.models.get_model_info(f"models:/{model.model_id}")
    return {
        "id": model.model_id, "name": model.name, "status": str(model.status), "tags": model.tags, "params": model.params,
        "source": model.source_run_id, "files": files, "flavors": list(info.flavors),
    }


runs = client.search_runs([experiment.experiment_id], run_view_type=ViewType.ACTIVE_ONLY, max_results=1000)
versions = {
    model.name: {
        "aliases": dict(model.aliases),
        "versions": [
            {"version": version.version, "tags": version.tags, "run": version.run_id, "model": version.source.removeprefix("models:/")}
            for version in client.search_model_versions(f"name='{model.name}'")
        ],
    }
    for model in client.search_registered_models()
}
print(json.dumps({
    "runs": {run.info.run_id: describe(run) for run in runs},
    "byMetric": [run.info.run_id for run in client.search_runs([experiment.experiment_id], "metrics.`score` > 0.6")],
    "models": [describe_model(model) for model in client.search_logged_models([experiment.experiment_id])],
    "registry": versions,
}))
