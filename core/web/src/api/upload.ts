import { apiRoot, csrfHeader, refused, unreachable } from './client';
import { Problem, type ProblemBody } from './problem';

type Progress = (sent: number) => void;

function decode(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Partial<ProblemBody> {
  return typeof value === 'object' && value !== null && 'code' in value;
}

function uploadId(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('upload_id' in value)) return undefined;
  return typeof value.upload_id === 'string' ? value.upload_id : undefined;
}

/**
 * Sends one file and answers its upload id. `fetch` cannot tell how far an upload is, XMLHttpRequest can.
 * Rejects with a `Problem`, or with an `AbortError` when `signal` stopped it.
 */
export function upload(file: File, onProgress: Progress, signal: AbortSignal): Promise<string> {
  const query = new URLSearchParams({ name: file.name, type: file.type || 'application/octet-stream' });
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open('POST', `${apiRoot}/uploads?${query}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    for (const [name, value] of Object.entries(csrfHeader())) request.setRequestHeader(name, value);

    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      const body = decode(request.responseText);
      const id = uploadId(body);
      if (request.status === 201 && id) resolve(id);
      else if (request.status === 201) reject(new Problem('internal', 201));
      else reject(refused(request.status, isProblem(body) ? body : undefined));
    };
    request.send(file);
  });
}
