import http from 'node:http';
import https from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from 'minio';
import { explainS3Error, isTransient } from './s3-errors.ts';
import type { S3Settings } from './s3-settings.ts';

const ANSWER_TIMEOUT_MS = 60_000;
/** An answer that has begun may pause this long, for example while its reader is busy. */
const BODY_TIMEOUT_MS = 600_000;
const PAUSES_MS = [100, 300, 900];

/** Makes the client. The package is loaded here and nowhere else, so a program without S3 never pays for it. */
export async function connect(settings: S3Settings): Promise<Client> {
  const { Client } = await import('minio');
  try {
    return new Client({
      endPoint: settings.endPoint,
      ...(settings.port === undefined ? {} : { port: settings.port }),
      useSSL: settings.useSSL,
      accessKey: settings.accessKey,
      secretKey: settings.secretKey,
      ...(settings.sessionToken === undefined ? {} : { sessionToken: settings.sessionToken }),
      ...(settings.region === undefined ? {} : { region: settings.region }),
      transport: { request: impatient(settings) },
      // `ask` retries instead: the client's own retry prints to the console and sends a consumed stream again.
      retryOptions: { disableRetry: true },
    });
  } catch (error) {
    throw explainS3Error(error, settings);
  }
}

/**
 * Sends a request that may be sent twice, and does so when the failure may pass. What remains is thrown as PW403,
 * except the errors that `expected` picks out.
 */
export async function ask<T>(settings: S3Settings, request: () => Promise<T>, expected: (error: unknown) => boolean = () => false): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (expected(error)) throw error;
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || !isTransient(error)) throw explainS3Error(error, settings);
      await wait(pause * (0.5 + Math.random()));
    }
  }
}

/** The client has no time limit of its own: a server that accepts and never answers would hang it for ever. */
function impatient(settings: S3Settings): typeof http.request {
  const limit = settings.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
  const { request } = settings.useSSL ? https : http;
  const send = (options: https.RequestOptions, onResponse?: (response: http.IncomingMessage) => void): http.ClientRequest => {
    const sent = request(options, onResponse);
    sent.setTimeout(limit, () => sent.destroy(Object.assign(new Error('the server took too long to answer'), { code: 'ESOCKETTIMEDOUT' })));
    sent.once('response', () => sent.setTimeout(BODY_TIMEOUT_MS));
    return sent;
  };
  return send as typeof http.request;
}
