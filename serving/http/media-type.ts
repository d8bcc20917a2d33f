import { RequestError } from '../errors.ts';

/**
 * Throws 415 unless the body may be read. A missing Content-Type is taken for JSON: tritonclient sends none. A body with
 * tensors as bytes behind its JSON (`hasTensors`) also comes as `application/octet-stream`.
 */
export function checkContentType(contentType: string | undefined, hasTensors: boolean): void {
  if (contentType === undefined || contentType === 'application/json') return;
  const [type = '', ...parameters] = contentType.toLowerCase().split(';').map((part) => part.trim());
  if (type !== 'application/json' && !(hasTensors && type === 'application/octet-stream')) {
    throw new RequestError(415, `The content-type "${type}" is not known here; send application/json (curl: -H 'content-type: application/json').`);
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new RequestError(415, `JSON is read as UTF-8, not as "${charset}"; send it as UTF-8.`);
  }
}
