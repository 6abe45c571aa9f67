// A portal for tests: docs/formats/message.md, section 3, on loopback, with faults on demand and a record of every request.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { sealMessage, sha256 } from './sealing.mjs';

const types = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const titles = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};
const rfc3339 = (at) => new Date(at).toISOString();

export class Portal {
  constructor(dist, { base = '', branding = {} } = {}) {
    this.base = base;
    this.branding = {
      name: 'Sallyport',
      colour: null,
      help: null,
      languages: ['en', 'de', 'fr', 'es', 'ja'],
      logo: null,
      ...branding,
    };
    this.csp = readFileSync(join(dist, 'csp'), 'utf8');
    this.page = readFileSync(join(dist, 'm.html'));
    this.files = new Map(
      readdirSync(join(dist, 'assets')).map((name) => [
        `/assets/${name}`,
        readFileSync(join(dist, 'assets', name)),
      ]),
    );
    this.messages = new Map();
    this.requests = [];
    this.faults = {};
  }

  async start() {
    this.server = createServer((request, response) => this.#take(request, response));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** Seals and holds a message; gives its link. */
  async put(
    content,
    { passphrase = null, views = 1, grace = 60_000, sender = null, attempts = 5, life = 86_400_000 } = {},
  ) {
    const { id, secret, held } = await sealMessage(content, { passphrase });
    const message = {
      ...held,
      views,
      viewsLeft: views,
      attemptsLeft: attempts,
      grace,
      sender,
      expiresAt: Date.now() + life,
      tokens: new Map(),
    };
    this.messages.set(id, message);
    return { id, secret, link: `${this.origin}${this.base}/m/${id}#${secret}`, message };
  }

  async #take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    this.requests.push({ method: request.method, url: request.url, headers: request.headers, body });
    for (const [name, value] of Object.entries(this.#headers())) response.setHeader(name, value);
    const path = request.url.startsWith(`${this.base}/`) ? request.url.slice(this.base.length) : '';
    const call = /^\/api\/v1\/messages\/([\w-]{22})\/(status|reveal|saved|destroy)$/.exec(path);
    if (request.method === 'POST' && call) return this.#call(call[1], call[2], request, response, body);
    this.#get(path, response);
  }

  #headers() {
    return {
      'Cache-Control': 'no-store',
      'Content-Security-Policy': this.csp,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
    };
  }

  #get(path, response) {
    if (path.startsWith('/m/'))
      return response.setHeader('Content-Type', 'text/html; charset=utf-8').end(this.page);
    if (path === '/api/v1/branding') return this.#json(response, this.branding);
    const file = this.files.get(path);
    if (file === undefined || (this.faults.argon2 && path.includes('argon2')))
      return this.#refuse(response, 404, 'not_found');
    response.setHeader('Content-Type', types[extname(path)]).end(file);
  }

  #json(response, value) {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
  }

  #refuse(response, status, code, more = {}) {
    response.statusCode = status;
    response.setHeader('Content-Type', 'application/problem+json');
    response.end(JSON.stringify({ type: 'about:blank', title: titles[status], status, code, ...more }));
  }

  #call(id, name, request, response, body) {
    const fault = this.faults[name];
    if (fault === 'drop') return request.socket.destroy();
    if (fault === 429) {
      response.setHeader('Retry-After', '2');
      return this.#refuse(response, 429, 'too_many');
    }
    if (fault === 503) return this.#refuse(response, 503, 'unavailable');
    const proofs = JSON.parse(body);
    const allowed = name === 'reveal' || name === 'destroy' ? ['link_proof', 'pass_proof'] : ['link_proof'];
    if (Object.keys(proofs).some((member) => !allowed.includes(member)))
      return this.#refuse(response, 400, 'invalid_input');
    const message = this.messages.get(id);
    if (message === undefined || !this.#holds(proofs.link_proof, message.linkProof))
      return this.#refuse(response, 404, 'not_found');
    const token = request.headers['sallyport-grace'] ?? '';
    const until = message.tokens.get(token) ?? 0;
    const grace = until > Date.now() ? { token, until } : null;
    const over = message.viewsLeft === 0 || message.expiresAt <= Date.now();
    if (over && grace === null) return this.#refuse(response, 404, 'not_found');
    this[`_${name}`](message, grace, proofs, response, id);
  }

  #holds(proof, hash) {
    return typeof proof === 'string' && sha256(Buffer.from(proof, 'base64url')) === hash;
  }

  #passes(message, proofs, response, id) {
    if (message.passProof === null || this.#holds(proofs.pass_proof, message.passProof)) return true;
    message.attemptsLeft -= 1;
    if (message.attemptsLeft === 0) this.messages.delete(id);
    this.#refuse(response, 403, 'forbidden', { attempts_left: message.attemptsLeft });
    return false;
  }

  _status(message, grace, _proofs, response) {
    this.#json(response, {
      views_left: message.viewsLeft,
      views: message.views,
      expires_at: rfc3339(message.expiresAt),
      sender: message.sender,
      passphrase: message.passphrase,
      attempts_left: message.attemptsLeft,
      size: message.sealed.length,
      grace_until: grace === null ? null : rfc3339(grace.until),
    });
  }

  _reveal(message, grace, proofs, response, id) {
    if (!this.#passes(message, proofs, response, id)) return;
    if (grace === null) {
      message.viewsLeft -= 1;
      if (message.grace > 0)
        grace = { token: randomBytes(32).toString('base64url'), until: Date.now() + message.grace };
      if (grace !== null) message.tokens.set(grace.token, grace.until);
    }
    if (grace !== null) {
      response.setHeader('Sallyport-Grace', grace.token);
      response.setHeader('Sallyport-Grace-Until', rfc3339(grace.until));
    }
    response.setHeader('Content-Type', 'application/octet-stream');
    response.setHeader('Content-Length', message.sealed.length);
    this.#stream(message.sealed, response);
  }

  #stream(sealed, response) {
    const { faults } = this;
    if (faults.damage) {
      const damaged = Buffer.from(sealed);
      damaged[20] ^= 1;
      return response.end(damaged);
    }
    if (faults.stall) return response.write(sealed.subarray(0, Math.floor(sealed.length * 0.4)));
    if (!faults.cut) return response.end(sealed);
    response.write(sealed.subarray(0, sealed.length / 2), () => setTimeout(() => response.destroy(), 100));
  }

  _saved(message, grace, _proofs, response) {
    if (grace !== null) message.tokens.delete(grace.token);
    response.statusCode = 204;
    response.end();
  }

  _destroy(message, _grace, proofs, response, id) {
    if (!this.#passes(message, proofs, response, id)) return;
    this.messages.delete(id);
    response.statusCode = 204;
    response.end();
  }
}
