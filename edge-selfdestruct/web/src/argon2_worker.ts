/** The worker's side of passphrase.ts. */
import { argon2id } from 'hash-wasm';
import type { StretchRequest } from './passphrase.ts';

async function stretched(request: StretchRequest): Promise<Uint8Array | null> {
  try {
    return await argon2id({
      password: request.passphrase,
      salt: request.salt,
      memorySize: request.memoryKib,
      iterations: request.passes,
      parallelism: 1,
      hashLength: 32,
      outputType: 'binary',
    });
  } catch {
    return null; // no WebAssembly, or not enough memory
  } finally {
    request.passphrase.fill(0);
  }
}

self.onmessage = async (event: MessageEvent<StretchRequest>) => {
  self.postMessage(await stretched(event.data));
};
