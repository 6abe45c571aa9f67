import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bytes, utf8 } from '../../src/bytes.ts';
import { Connection, type Listener, type Over, type Start, type Wire } from '../../src/connection.ts';

class PlayedWire implements Wire {
  binaryType = '';
  readyState = 1;
  bufferedAmount = 0;
  onopen: Wire['onopen'] = null;
  onmessage: Wire['onmessage'] = null;
  onclose: Wire['onclose'] = null;
  readonly sent: (string | Bytes)[] = [];

  send(data: string | Bytes): void {
    this.sent.push(data);
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.onopen?.(new Event('open'));
  }
  tell(message: object): void {
    this.onmessage?.(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
  print(offset: number, text: string): void {
    const data = utf8(text);
    const frame = new Uint8Array(9 + data.length);
    new DataView(frame.buffer).setBigUint64(1, BigInt(offset));
    frame.set(data, 9);
    this.onmessage?.(new MessageEvent('message', { data: frame.buffer }));
  }
  drop(code: number): void {
    this.readyState = 3;
    this.onclose?.(Object.assign(new Event('close'), { code, reason: '', wasClean: false }));
  }
  get texts(): readonly string[] {
    return this.sent.filter((each) => typeof each === 'string');
  }
}

const rights = { input: true, paste: true, copy: true, upload: true, download: true };
const ready = (resume: string) => ({
  type: 'ready',
  session: 'S',
  resume,
  title: 't',
  user: 'u',
  recorded: true,
  records_input: false,
  rights,
  idle_ms: 1,
  left_ms: 1,
});
const ticket: Start = { kind: 'ticket', id: 'I', secret: 'the secret' };

function stage() {
  const wires: PlayedWire[] = [];
  const shown: string[] = [];
  const finish: (() => void)[] = [];
  const overs: Over[] = [];
  const waits: (() => void)[] = [];
  const clock = { now: 0 };
  const listener: Listener = {
    told: () => {},
    answered: () => {},
    download: () => {},
    lost: () => {},
    over: (over) => overs.push(over),
    output: (data, done) => {
      shown.push(new TextDecoder().decode(data));
      finish.push(done);
    },
  };
  const connection = new Connection(ticket, { columns: 80, rows: 24 }, listener, {
    dial: () => {
      const wire = new PlayedWire();
      wires.push(wire);
      return wire;
    },
    now: () => clock.now,
    later: (_, then) => waits.push(then),
  });
  const last = (): PlayedWire => {
    const wire = wires.at(-1);
    assert.ok(wire);
    return wire;
  };
  const wait = () => {
    for (const then of waits.splice(0)) then();
  };
  return { connection, last, wires, shown, finish, overs, wait, clock };
}

test('the first message holds the ticket, later ones never again', () => {
  const { last, wait } = stage();
  last().open();
  last().tell(ready('R1'));
  last().drop(1006);
  wait();
  last().open();

  assert.deepEqual(JSON.parse(last().texts[0] ?? ''), {
    v: 1,
    session: 'S',
    resume: 'R1',
    seen: 0,
    columns: 80,
    rows: 24,
  });
});

test('only what was shown is acknowledged', () => {
  const { connection, last, finish, wait } = stage();
  last().open();
  last().tell(ready('R1'));
  last().print(0, 'x'.repeat(70_000));
  wait();
  const before = last().texts.at(-1);
  finish[0]?.();

  assert.equal(before, '{"type":"seen","seen":0}');
  assert.equal(last().texts.at(-1), '{"type":"seen","seen":70000}');
  assert.equal(connection.waiting, 0);
});

test('what comes twice is shown once', () => {
  const { last, shown, wait } = stage();
  last().open();
  last().tell(ready('R1'));
  last().print(0, 'abcdef');
  last().drop(1006);
  wait();
  last().open();
  last().tell(ready('R2'));
  last().print(3, 'defghi');

  assert.deepEqual(shown, ['abcdef', 'ghi']);
});

test('after 60 seconds without a network the session is lost', () => {
  const { last, wires, wait, overs, clock } = stage();
  last().open();
  last().tell(ready('R1'));
  last().drop(1006);
  clock.now = 59_000;
  wait();
  last().drop(1006);
  clock.now = 61_000;
  wait();
  last().drop(1006);

  assert.equal(wires.length, 3);
  assert.deepEqual(overs, [{ reason: 'lost', exit: null, by: null }]);
});

test('a newer window, a refusal and no connection are told apart', () => {
  for (const [code, isReady, reason] of [
    [4409, true, 'elsewhere'],
    [4404, false, 'refused'],
    [4404, true, 'lost'],
    [1006, false, 'no_connection'],
  ] as const) {
    const { last, overs } = stage();
    last().open();
    if (isReady) last().tell(ready('R1'));
    last().drop(code);
    assert.equal(overs[0]?.reason, reason);
  }
});

test('a network that died without a word is found by what stays unsent', () => {
  const { connection, last, wires, wait } = stage();
  last().open();
  last().tell(ready('R1'));
  last().bufferedAmount = 40;
  connection.beat();
  connection.beat();
  wait();

  assert.equal(wires.length, 2);
});

test('keys are not sent before the shell runs, nor kept for later', () => {
  const { connection, last } = stage();
  last().open();
  assert.equal(connection.type(utf8('x')), false);
  last().tell(ready('R1'));

  assert.ok(last().sent.every((each) => typeof each === 'string'));
});

test('a reload keeps what a resume needs and nothing of the ticket', () => {
  const { connection, last } = stage();
  last().open();
  assert.equal(connection.kept, null);
  last().tell(ready('R1'));

  assert.deepEqual(connection.kept, { kind: 'resume', session: 'S', resume: 'R1', seen: 0 });
});

test('an attempt that hangs is given up and tried again', () => {
  const { last, wires, wait } = stage();
  last().open();
  last().tell(ready('R1'));
  last().drop(1006);
  wait();
  last().readyState = 0;
  wait();
  wait();

  assert.equal(wires.length, 3);
});

test('a gateway that never answers is no connection', () => {
  const { last, overs, wait } = stage();
  last().readyState = 0;
  wait();

  assert.equal(overs[0]?.reason, 'no_connection');
});
