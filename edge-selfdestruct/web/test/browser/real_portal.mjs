// The real portal in a process of its own: test/page_portal.cpp.
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from './browser.mjs';
import { sealMessage, sha256 } from './sealing.mjs';

export class RealPortal {
  async start(program) {
    this.folder = temporaryFolder();
    this.process = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    const port = (await this.#line()).replace('port ', '');
    this.origin = `http://127.0.0.1:${port}`;
    return this;
  }

  async stop() {
    this.process.stdin.end();
    const code = await this.ended;
    rmSync(this.folder, { recursive: true });
    if (code !== 0) throw new Error(`the portal ended with ${code}`);
  }

  async #line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the portal is gone');
    return value;
  }

  async put(
    content,
    { passphrase = null, views = 1, grace = 60, sender = null, attempts = 5, life = 86_400 } = {},
  ) {
    const { id, secret, held } = await sealMessage(content, { passphrase });
    const path = join(this.folder, id);
    writeFileSync(path, held.sealed);
    const { salt, memory_kib, passes } = held.passphrase ?? { salt: '-', memory_kib: 0, passes: 0 };
    const name = sender === null ? '-' : Buffer.from(sender).toString('base64url');
    const hash = sha256(Buffer.from(id, 'base64url'));
    const parts = [
      hash,
      held.linkProof,
      held.passProof ?? '-',
      salt,
      memory_kib,
      passes,
      views,
      attempts,
      life,
      grace,
      name,
      path,
    ];
    this.process.stdin.write(`${parts.join(' ')}\n`);
    const told = await this.#line();
    if (told !== 'ok') throw new Error(told);
    return { id, secret, link: `${this.origin}/m/${id}#${secret}` };
  }
}
