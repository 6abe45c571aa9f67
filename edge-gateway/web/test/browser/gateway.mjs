// A gateway for tests, written to docs/formats/session.md: pages and WebSocket on loopback, a shell that a test plays, files in memory.
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { WebSocketServer } from 'ws';

const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const secret = (size) => randomBytes(size).toString('base64url');
const most = 1024 * 1024;

export class Gateway {
  constructor(dist) {
    this.dist = dist;
    this.csp = readFileSync(join(dist, 'csp'), 'utf8');
    this.assets = new Map(readdirSync(join(dist, 'assets')).map((name) => [`/assets/${name}`, name]));
    this.tickets = new Map();
    this.sessions = new Map();
    this.requests = [];
    this.openings = [];
    this.refusing = false;
  }

  async start() {
    this.server = createServer((request, response) => this.#serve(request, response));
    this.sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'sallyport-session-v1' });
    this.server.on('upgrade', (request, socket, head) => {
      this.requests.push(request.url);
      if (this.refusing || request.headers.origin !== this.origin) return socket.destroy();
      this.sockets.handleUpgrade(request, socket, head, (wire) => this.#opened(wire));
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() {
    for (const wire of this.sockets.clients) wire.terminate();
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** A ticket's link. `options` are members of `ready`; `shell(session, text)` gets what is typed. */
  ticket(options = {}) {
    const [id, key] = [secret(16), secret(32)];
    this.tickets.set(id, { key, options });
    return `${this.origin}/s#${id}.${key}`;
  }

  /** The session that opened last. */
  get session() {
    return [...this.sessions.values()].at(-1);
  }

  #serve(request, response) {
    this.requests.push(request.url);
    response.setHeader('Content-Security-Policy', this.csp);
    response.setHeader('Cache-Control', 'no-store');
    const path = request.url.split('?')[0];
    if (path === '/s') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      return response.end(readFileSync(join(this.dist, 's.html')));
    }
    const name = this.assets.get(path);
    if (name === undefined) return response.writeHead(404).end();
    response.setHeader('Content-Type', types[extname(name)]);
    response.end(readFileSync(join(this.dist, 'assets', name)));
  }

  #opened(wire) {
    wire.once('message', (data, binary) => {
      const opening = binary ? {} : JSON.parse(data);
      this.openings.push(opening);
      const ticket = this.tickets.get(opening.id);
      if (ticket !== undefined && ticket.key === opening.secret) {
        this.tickets.delete(opening.id);
        const session = new Session(ticket.options);
        this.sessions.set(session.id, session);
        return session.attach(wire, 0, opening);
      }
      const session = this.sessions.get(opening.session);
      if (session === undefined || session.over || session.resume !== opening.resume) return wire.close(4404);
      session.attach(wire, opening.seen, opening);
    });
  }
}

class Session {
  constructor({ shell = null, files = {}, holdReady = false, ...ready }) {
    this.id = secret(16);
    this.shell = shell;
    this.files = new Map(Object.entries(files));
    this.folders = new Set();
    this.ready = ready;
    this.holdReady = holdReady;
    this.typed = '';
    this.sizes = [];
    this.texts = [];
    this.output = Buffer.alloc(0);
    this.base = 0;
    this.sent = 0;
    this.seen = 0;
    this.most = 0;
    this.puts = new Map();
    this.gets = new Map();
    this.over = false;
  }

  attach(wire, seen, opening) {
    this.wire?.close(4409);
    this.wire = wire;
    this.resume = secret(32);
    this.sizes.push([opening.columns, opening.rows]);
    this.seen = this.sent = seen;
    this.gets.clear();
    this.puts.clear();
    wire.on(
      'message',
      (data, binary) => wire === this.wire && (binary ? this.#bytes(data) : this.#text(JSON.parse(data))),
    );
    if (this.holdReady) return this.say({ type: 'state', state: 'host_key' });
    this.tellReady();
    this.#flow();
  }

  tellReady() {
    this.say({
      type: 'ready',
      session: this.id,
      resume: this.resume,
      title: 'db-1.northwind.example',
      user: 'Mary Miller',
      recorded: true,
      records_input: false,
      rights: { input: true, paste: true, copy: true, upload: true, download: true },
      idle_ms: 900_000,
      left_ms: 3_600_000,
      ...this.ready,
    });
  }

  say(message) {
    if (this.wire.readyState === 1) this.wire.send(JSON.stringify(message));
  }

  /** Output of the host. */
  print(data) {
    this.output = Buffer.concat([this.output, Buffer.from(data)]);
    this.#flow();
  }

  /** As `yes`: output without end, as fast as it is acknowledged, until Ctrl-C. */
  flood() {
    this.flooding = Buffer.from('the quick brown fox jumps over the lazy dog 0123456789\r\n'.repeat(300));
    this.#flow();
  }

  end(reason, more = {}) {
    this.over = true;
    this.say({ type: 'ended', reason, exit: null, by: null, ...more });
    this.wire.close(1000);
  }

  /** The network goes, without a word. */
  cut() {
    this.wire.terminate();
  }

  #flow() {
    while (this.wire?.readyState === 1 && this.sent - this.seen < most) {
      const end = this.base + this.output.length;
      if (this.sent === end && this.flooding) this.output = Buffer.concat([this.output, this.flooding]);
      else if (this.sent === end) break;
      const part = this.output.subarray(this.sent - this.base, this.sent - this.base + 32 * 1024);
      const head = Buffer.alloc(9);
      head.writeBigUInt64BE(BigInt(this.sent), 1);
      this.wire.send(Buffer.concat([head, part]));
      this.sent += part.length;
      this.most = Math.max(this.most, this.sent - this.seen);
    }
    if (this.seen - this.base < most) return;
    this.output = this.output.subarray(this.seen - this.base);
    this.base = this.seen;
  }

  #bytes(data) {
    if (data[0] === 0) {
      const text = data.subarray(1).toString();
      this.typed += text;
      if (text.includes('\x03') && this.flooding) {
        this.flooding = null;
        this.stoppedAt = Date.now();
        this.sentWhenStopped = this.sent;
      }
      return this.shell?.(this, text);
    }
    const put = this.puts.get(data.readUInt32BE(1));
    if (put === undefined) return;
    put.parts.push(data.subarray(5));
    put.got += data.length - 5;
    this.say({ type: 'more', request: put.request, seen: put.got });
    this.#finishPut(put);
  }

  #finishPut(put) {
    this.files.set(`${put.path}.part`, Buffer.concat(put.parts));
    if (put.cutAt !== undefined && put.got >= put.cutAt) return this.cut();
    if (put.got < put.size) return;
    const whole = Buffer.concat(put.parts);
    this.files.delete(`${put.path}.part`);
    this.files.set(put.path, whole);
    this.puts.delete(put.request);
    this.#done(put.request, whole);
  }

  #done(request, data = Buffer.alloc(0)) {
    this.say({
      type: 'done',
      request,
      size: data.length,
      sha256: data.length ? createHash('sha256').update(data).digest('hex') : null,
    });
  }

  #failed(request, code) {
    this.say({ type: 'failed', request, code });
  }

  #text(message) {
    this.texts.push(message);
    const { request, path } = message;
    switch (message.type) {
      case 'size':
        return this.sizes.push([message.columns, message.rows]);
      case 'seen':
        this.seen = message.seen;
        return this.#flow();
      case 'end':
        return this.end('closed');
      case 'list':
        return this.#list(request, path);
      case 'get': {
        const file = this.files.get(path);
        if (file === undefined) return this.#failed(request, 'not_found');
        this.gets.set(request, { file, sent: message.offset, seen: message.offset });
        this.say({ type: 'opened', request, size: file.length });
        return this.#give(request);
      }
      case 'taken': {
        const get = this.gets.get(request);
        if (get === undefined) return;
        get.seen = message.seen;
        return this.#give(request);
      }
      case 'put': {
        if (this.files.has(path) && !message.replace) return this.#failed(request, 'exists');
        const kept = this.files.get(`${path}.part`)?.subarray(0, message.offset) ?? Buffer.alloc(0);
        const put = { ...message, got: message.offset, parts: [kept], cutAt: this.cutPutAt };
        this.cutPutAt = undefined;
        this.puts.set(request, put);
        return message.size === message.offset ? this.#finishPut(put) : undefined;
      }
      case 'rename':
        this.files.set(message.to, this.files.get(path));
        this.files.delete(path);
        return this.#done(request);
      case 'remove':
        return this.files.delete(path) || this.folders.delete(path)
          ? this.#done(request)
          : this.#failed(request, 'not_found');
      case 'make':
        this.folders.add(path);
        return this.#done(request);
      case 'cancel':
        this.puts.delete(request);
        this.gets.delete(request);
        return this.#failed(request, 'cancelled');
    }
  }

  #give(request) {
    const get = this.gets.get(request);
    while (get.sent < get.file.length && get.sent - get.seen < most) {
      if (this.cutGetAt !== undefined && get.sent >= this.cutGetAt) {
        this.cutGetAt = undefined;
        return this.cut();
      }
      const part = get.file.subarray(get.sent, get.sent + 32 * 1024);
      const head = Buffer.alloc(5);
      head[0] = 1;
      head.writeUInt32BE(request, 1);
      this.wire.send(Buffer.concat([head, part]));
      get.sent += part.length;
    }
    if (get.sent < get.file.length) return;
    this.gets.delete(request);
    this.#done(request, get.file);
  }

  #list(request, path) {
    const inside = (name) => (path === '' ? !name.includes('/') : name.startsWith(`${path}/`));
    const short = (name) => name.slice(path === '' ? 0 : path.length + 1);
    const common = { changed_at: 1_790_000_000_000, mode: 0o644 };
    const entries = [
      ...[...this.folders]
        .filter(inside)
        .map((name) => ({ name: short(name), kind: 'folder', size: 0, ...common })),
      ...[...this.files]
        .filter(([name]) => inside(name))
        .map(([name, data]) => ({ name: short(name), kind: 'file', size: data.length, ...common })),
    ];
    this.say({ type: 'entries', request, entries, done: true });
  }
}
