import { predict, type Answer, type FeatureServices } from '../data-plane.ts';
import type { ServedModel } from '../models/served-model.ts';
import { parseJsonObject } from './json.ts';
import type { Reply } from './reply.ts';
import { predictReply, readInstances } from './v1/predict.ts';
import { featureRowsOf } from './v2/feature-rows.ts';
import { inferReply } from './v2/infer-reply.ts';
import { readInferRequest } from './v2/infer-request.ts';

/** An inference request that was answered. */
export interface Inference {
  readonly answer: Answer;
  readonly reply: Reply;
  /** The id that the client gave. */
  readonly id: string | undefined;
}

/** `POST /v1/models/{model}:predict`: from body to reply. 400 for what the model cannot answer. */
export function predictV1(model: ServedModel, body: Buffer, services: FeatureServices = {}): Inference {
  const { rows, values } = readInstances(model, parseJsonObject(body), services);
  const answer = predict(model, values, rows);
  return { answer, reply: predictReply(model, answer), id: undefined };
}

/** `POST /v2/models/{model}/infer`: from body to reply. 400 for what the model cannot answer. */
export function inferV2(model: ServedModel, body: Buffer, headerLength: string | undefined, services: FeatureServices = {}): Inference {
  const request = readInferRequest(body, headerLength);
  const { rows, values, dates } = featureRowsOf(model, request.inputs, services);
  const answer = predict(model, values, rows);
  // Who asks by key has not seen the bars: the reply says how new they are.
  const told = dates === undefined ? request : { ...request, parameters: { ...request.parameters, feature_dates: dates.join() } };
  return { answer, reply: inferReply(model, told, answer), id: request.id };
}
