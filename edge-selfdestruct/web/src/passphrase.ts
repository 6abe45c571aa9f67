/** Argon2id in a worker, so that the page stays alive; the module is fetched only when this is used. */
import { type Bytes, utf8, wipe } from './bytes.ts';

export interface Stretching {
  readonly salt: Bytes;
  readonly memoryKib: number;
  readonly passes: number;
}

export interface StretchRequest extends Stretching {
  readonly passphrase: Bytes;
}

/** docs/formats/message.md, section 1: "a reader accepts memory from 8 MiB to 1 GiB and 1 to 16 passes". */
export function isAcceptable(memoryKib: number, passes: number): boolean {
  return memoryKib >= 8 * 1024 && memoryKib <= 1024 * 1024 && passes >= 1 && passes <= 16;
}

export function normalised(passphrase: string): Bytes {
  return utf8(passphrase.normalize('NFC'));
}

let policy: TrustedTypePolicy | undefined;
let worker: Worker | null = null;

/** A policy of one name may be made only once, and lets through this one address. */
function trusted(address: string): string {
  policy ??= window.trustedTypes?.createPolicy('sallyport', { createScriptURL: () => address });
  return policy === undefined ? address : policy.createScriptURL(address);
}

function start(): Worker {
  const made = new Worker(trusted(new URL(ARGON2_WORKER, import.meta.url).href));
  made.onerror = () => {
    if (worker === made) worker = null; // it did not arrive: the next use fetches it again
  };
  return made;
}

/** Fetches the module ahead of `stretch`. */
export function prepare(): Worker {
  worker ??= start();
  return worker;
}

/** Gives back the memory that the passphrase went through. */
export function discard(): void {
  worker?.terminate();
  worker = null;
}

function answerOf(running: Worker, request: StretchRequest): Promise<Bytes> {
  return new Promise<Bytes>((resolve, reject) => {
    running.onmessage = (event: MessageEvent<unknown>) => {
      if (event.data instanceof Uint8Array) resolve(new Uint8Array(event.data));
      else reject(new Error('argon2'));
    };
    running.onerror = () => reject(new Error('argon2'));
    running.postMessage(request);
    wipe(request.passphrase);
  });
}

/** P of the passphrase. Throws where the browser cannot: no WebAssembly, no memory, no module. */
export async function stretch(passphrase: string, how: Stretching): Promise<Bytes> {
  try {
    return await answerOf(prepare(), { passphrase: normalised(passphrase), ...how });
  } finally {
    discard();
  }
}
