"""Asks a running server with the Python clients of Triton and KServe, unchanged, and prints one JSON line per case.

    python serving-clients.py URL MODEL QUESTIONS.json

QUESTIONS.json: {"row": [...], "bars": [[open, high, low, close, volume], ...], "dates": [...]}
Each line: {"client": ..., "case": ..., "ok": ..., "answer": ...}
"""
import asyncio
import json
import sys

import numpy as np

url, model, questions_path = sys.argv[1:4]
with open(questions_path, encoding="utf-8") as file:
    questions = json.load(file)
row = np.array([questions["row"]], dtype=np.float64)
bars = np.array(questions["bars"], dtype=np.float64)
dates = np.array([date.encode() for date in questions["dates"]], dtype=np.object_)


def report(client, case, run):
    try:
        print(json.dumps({"client": client, "case": case, "ok": True, "answer": run()}))
    except Exception as error:  # every kind of failure is a line of the matrix
        print(json.dumps({"client": client, "case": case, "ok": False, "answer": f"{type(error).__name__}: {error}"}))


def texts(array):
    return [item.decode() if isinstance(item, bytes) else str(item) for item in np.array(array).reshape(-1)]


def triton():
    import tritonclient.http as http

    def tensor(name, array, datatype, binary=True):
        found = http.InferInput(name, list(array.shape), datatype)
        found.set_data_from_numpy(array, binary_data=binary)
        return found

    def answer(result):
        return {"probability": float(result.as_numpy("probability")[0]), "direction": texts(result.as_numpy("direction"))[0]}

    client = http.InferenceServerClient(url.removeprefix("http://"))
    name = "tritonclient"
    features = lambda **options: [tensor("features", row, "FP64", **options)]
    wanted = lambda binary: [http.InferRequestedOutput(each, binary_data=binary) for each in ("probability", "direction")]

    def refused(call):
        try:
            call()
        except http.InferenceServerException as error:
            return {"status": error.status(), "message": error.message()}
        raise AssertionError("the call was not refused")

    report(name, "live", lambda: client.is_server_live())
    report(name, "ready", lambda: client.is_server_ready())
    report(name, "server metadata", lambda: client.get_server_metadata())
    report(name, "model ready", lambda: client.is_model_ready(model))
    report(name, "model ready, by version", lambda: client.is_model_ready(model, "1"))
    report(name, "model ready, of an unknown model", lambda: client.is_model_ready("nothing"))
    report(name, "model metadata", lambda: client.get_model_metadata(model)["inputs"][0]["shape"])
    report(name, "infer, binary in and out (its default)", lambda: answer(client.infer(model, features())))
    report(name, "infer, by version", lambda: answer(client.infer(model, features(), model_version="1")))
    report(name, "infer, JSON in and out", lambda: answer(client.infer(model, features(binary=False), outputs=wanted(False))))
    report(name, "infer, JSON in, binary out", lambda: answer(client.infer(model, features(binary=False), outputs=wanted(True))))
    report(name, "infer, FP32", lambda: answer(client.infer(model, [tensor("features", row.astype(np.float32), "FP32")])))
    report(name, "infer, gzip", lambda: answer(client.infer(model, features(), request_compression_algorithm="gzip", response_compression_algorithm="gzip")))
    report(name, "infer, deflate", lambda: answer(client.infer(model, features(), request_compression_algorithm="deflate")))
    report(name, "infer, id and parameters come back", lambda: {key: client.infer(model, features(), request_id="a-1", parameters={"trace": "x"}).get_response()[key] for key in ("id", "parameters")})
    report(name, "infer, bars and dates", lambda: answer(client.infer(model, [tensor("bars", bars, "FP64"), tensor("date", dates, "BYTES")])))
    report(name, "infer, bars and dates as JSON", lambda: answer(client.infer(model, [tensor("bars", bars, "FP64", False), tensor("date", dates, "BYTES", False)], outputs=wanted(False))))
    report(name, "async infer", lambda: answer(client.async_infer(model, features()).get_result()))
    report(name, "refusal of a wrong shape", lambda: refused(lambda: client.infer(model, [tensor("features", row[:, :3], "FP64")])))
    report(name, "refusal of an unknown model", lambda: refused(lambda: client.infer("nothing", features())))
    report(name, "refusal of statistics, which are not offered", lambda: refused(lambda: client.get_inference_statistics()))
    client.close()

    import tritonclient.http.aio as aio

    async def asynchronous():
        async with aio.InferenceServerClient(url.removeprefix("http://")) as other:
            found = aio.InferInput("features", list(row.shape), "FP64")
            found.set_data_from_numpy(row)
            return answer(await other.infer(model, [found]))

    report("tritonclient.http.aio", "infer, binary in and out", lambda: asyncio.run(asynchronous()))


def kserve():
    from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig

    def ask(protocol, call):
        async def run():
            client = InferenceRESTClient(RESTConfig(protocol=protocol, retries=1))
            try:
                return await call(client)
            finally:
                await client.close()

        return asyncio.run(run())

    def request(binary, arrays, use_binary_outputs=False):
        inputs = []
        for name, array, datatype in arrays:
            found = InferInput(name=name, shape=list(array.shape), datatype=datatype)
            found.set_data_from_numpy(array, binary_data=binary)
            inputs.append(found)
        parameters = {"binary_data_output": True} if use_binary_outputs else None
        return InferRequest(model_name=model, infer_inputs=inputs, request_id="k-1", parameters=parameters)

    def answer(response):
        outputs = {output.name: output for output in response.outputs}
        return {"probability": float(outputs["probability"].as_numpy()[0]), "direction": texts(outputs["direction"].as_numpy())[0], "model_name": response.model_name, "id": response.id}

    def infer(*arguments, **options):
        async def call(client):
            return answer(await client.infer(url, request(*arguments, **options), model_name=model))

        return lambda: ask("v2", call)

    def refused(protocol, data, name=model):
        async def call(client):
            try:
                await client.infer(url, data, model_name=name)
            except Exception as error:
                return {"status": error.response.status_code, "message": str(error)}
            raise AssertionError("the call was not refused")

        return lambda: ask(protocol, call)

    features = [("features", row, "FP64")]
    name = "kserve V2"
    report(name, "live", lambda: ask("v2", lambda client: client.is_server_live(url)))
    report(name, "ready", lambda: ask("v2", lambda client: client.is_server_ready(url)))
    report(name, "model ready", lambda: ask("v2", lambda client: client.is_model_ready(url, model)))
    report(name, "model ready, of an unknown model", lambda: ask("v2", lambda client: client.is_model_ready(url, "nothing")))
    report(name, "infer, JSON", infer(False, features))
    report(name, "infer, binary in", infer(True, features))
    report(name, "infer, binary in and out", infer(True, features, use_binary_outputs=True))
    report(name, "infer, bars and dates", infer(True, [("bars", bars, "FP64"), ("date", dates, "BYTES")]))
    report(name, "refusal of a wrong shape", refused("v2", request(False, [("features", row[:, :3], "FP64")])))
    name = "kserve V1"
    report(name, "live", lambda: ask("v1", lambda client: client.is_server_live(url)))
    report(name, "model ready", lambda: ask("v1", lambda client: client.is_model_ready(url, model)))

    async def predict(client, instance):
        return (await client.infer(url, {"instances": [instance]}, model_name=model))["predictions"][0]

    window = [dict(zip(("date", "open", "high", "low", "close", "volume"), (date, *bar))) for date, bar in zip(questions["dates"], questions["bars"])]
    report(name, "predict, a row", lambda: ask("v1", lambda client: predict(client, questions["row"])))
    report(name, "predict, bars", lambda: ask("v1", lambda client: predict(client, {"bars": window})))
    report(name, "refusal of a wrong shape", refused("v1", {"instances": [[1, 2]]}))
    report(name, "refusal of an unknown model", refused("v1", {"instances": [[1, 2]]}, "nothing"))


triton()
kserve()
