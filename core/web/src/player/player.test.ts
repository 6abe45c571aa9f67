import { describe, expect, it } from 'vitest';
import { Cast, sizeOf } from './cast';
import { findIn, plainText, Script } from './find';
import { Playback, type Screen } from './playback';
import { ServerEvents } from './server_events';

const head = '{"version":2,"width":100,"height":30,"timestamp":1700000000,"title":"web-1"}\n';

function cast(...events: readonly (readonly [number, string, string])[]): Cast {
  const made = new Cast();
  made.add(head + events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return made;
}

/** Keeps what was done to it. */
function paper() {
  const done: string[] = [];
  const screen: Screen = {
    reset: ({ columns, rows }) => done.push(`reset ${columns}x${rows}`),
    resize: ({ columns, rows }) => done.push(`resize ${columns}x${rows}`),
    write: (output) => done.push(output),
  };
  return { done, screen };
}

describe('a recording', () => {
  it('is read in pieces that are cut anywhere', () => {
    const whole = `${head}[0.5,"o","a"]\n[1,"r","80x24"]\n`;
    const read = new Cast();

    for (const letter of whole) read.add(letter);

    expect(read.head).toEqual({
      columns: 100,
      rows: 30,
      title: 'web-1',
      began: new Date(1_700_000_000_000),
    });
    expect(read.events).toEqual([
      { at: 0.5, kind: 'o', data: 'a' },
      { at: 1, kind: 'r', data: '80x24' },
    ]);
    expect(read.duration).toBe(1);
  });

  it.each(['[1,"o"]', '[1,"x","a"]', '[-1,"o","a"]', '["1","o","a"]', '{"o":1}', 'nonsense', '[1,"o","a"'])(
    'shows nothing after a line that cannot be read: %s',
    (line) => {
      const read = cast([0.5, 'o', 'before']);

      read.add(`${line}\n[2,"o","after"]\n`);

      expect(read.broken).toBe(true);
      expect(read.events.map((event) => event.data)).toEqual(['before']);
    },
  );

  it.each([
    '{"version":1,"width":80,"height":24}',
    '{"version":2,"width":0,"height":24}',
    '{"version":2,"width":80,"height":1001}',
    '{"version":2,"width":"80","height":24}',
    '[]',
    'null',
  ])('needs a head of version 2 with a size: %s', (line) => {
    const read = new Cast();

    read.add(`${line}\n[1,"o","a"]\n`);

    expect(read.head).toBeUndefined();
    expect(read.events).toEqual([]);
    expect(read.broken).toBe(true);
  });

  it('counts a last line without its end, and no half of one before', () => {
    const read = new Cast();
    read.add(`${head}[1,"o","a"]`);
    expect(read.events).toEqual([]);

    read.end();

    expect(read.events).toHaveLength(1);
  });

  it('never goes back in time', () => {
    expect(cast([2, 'o', 'a'], [1, 'o', 'b']).events.map((event) => event.at)).toEqual([2, 2]);
  });

  it('names sizes that a terminal can have', () => {
    expect(sizeOf('120x40')).toEqual({ columns: 120, rows: 40 });
    expect(sizeOf('0x40')).toBeUndefined();
    expect(sizeOf('9999x40')).toBeUndefined();
    expect(sizeOf('120 40')).toBeUndefined();
  });
});

describe('playback', () => {
  it('draws what is due, in the order of the recording', () => {
    const { done, screen } = paper();
    const play = new Playback(
      cast([0.5, 'o', 'a'], [0.6, 'o', 'b'], [0.7, 'r', '80x24'], [3, 'o', 'c']),
      screen,
    );

    play.advance(1_000);

    expect(done).toEqual(['reset 100x30', 'ab', 'resize 80x24']);
    expect(play.position).toBe(1);
    expect(play.over).toBe(false);
  });

  it('goes faster and slower', () => {
    const { done, screen } = paper();
    const play = new Playback(cast([1, 'o', 'a'], [2, 'o', 'b']), screen);
    play.skipIdle = false;

    play.speed = 0.5;
    play.advance(1_900);
    expect(done).toEqual(['reset 100x30']);
    play.speed = 8;
    play.advance(200);

    expect(done).toEqual(['reset 100x30', 'ab']);
    expect(play.over).toBe(true);
  });

  it('cuts long pauses to a second, unless they are wanted', () => {
    const recording = cast([0, 'o', 'a'], [100, 'o', 'b'], [100.5, 'o', 'c']);
    const skipping = paper();
    const waiting = paper();
    const quick = new Playback(recording, skipping.screen);
    const slow = new Playback(recording, waiting.screen);
    slow.skipIdle = false;

    for (const play of [quick, slow]) play.advance(1_000);
    quick.advance(500);

    expect(skipping.done).toEqual(['reset 100x30', 'ab', 'c']);
    expect(quick.position).toBe(100.5);
    expect(waiting.done).toEqual(['reset 100x30', 'a']);
    expect(slow.position).toBe(1);
  });

  it('seeks forward by drawing what lies between, and back by beginning again', () => {
    const { done, screen } = paper();
    const play = new Playback(cast([1, 'o', 'a'], [2, 'o', 'b'], [3, 'o', 'c']), screen);

    play.seek(2.5);
    play.seek(1.5);
    play.seek(1_000);
    play.seek(-5);

    expect(done).toEqual(['reset 100x30', 'ab', 'reset 100x30', 'a', 'bc', 'reset 100x30']);
    expect(play.position).toBe(0);
  });

  it('after a seek into a pause, waits for what is left of it at most', () => {
    const { done, screen } = paper();
    const play = new Playback(cast([0, 'o', 'a'], [100, 'o', 'b']), screen);

    play.seek(50);
    play.advance(1);

    expect(done.at(-1)).toBe('b');
  });

  it('of an empty recording is over at once', () => {
    const play = new Playback(cast(), paper().screen);
    play.advance(1_000);
    expect(play.over).toBe(true);
    expect(play.position).toBe(0);
  });
});

describe('the text of a recording', () => {
  it('is what a terminal shows', () => {
    expect(
      plainText('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007ok\r\n\u001b(Bx\u001bPq1\u001b\\y\u0008'),
    ).toBe('red ok\nxy');
  });

  it('is found across pieces and colours, whatever the case', () => {
    const recording = cast(
      [1, 'o', 'first\r\nsudo reb'],
      [2, 'o', '\u001b[1moot\u001b[0m now\r\n'],
      [3, 'o', 'REBOOT'],
    );

    const found = findIn([new Script(recording.events, 'o')], ' Reboot ');

    expect(found).toEqual([
      { at: 1, line: 'sudo reboot now', typed: false },
      { at: 3, line: 'REBOOT', typed: false },
    ]);
  });

  it('has what was typed in its place', () => {
    const recording = cast([1, 'i', 'secret'], [2, 'o', 'secret'], [3, 'm', 'secret']);
    const scripts = [new Script(recording.events, 'o'), new Script(recording.events, 'i')];

    expect(findIn(scripts, 'SECRET').map(({ at, typed }) => [at, typed])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(findIn(scripts, '  ')).toEqual([]);
    expect(findIn(scripts, 'absent')).toEqual([]);
  });

  it('does not answer without bounds', () => {
    const script = new Script(cast([1, 'o', 'a'.repeat(10_000)]).events, 'o');
    expect(findIn([script], 'a')).toHaveLength(200);
  });
});

describe('what a session shows while it runs', () => {
  it('comes as events, cut anywhere', () => {
    const stream = new ServerEvents();
    const whole = 'data: [1,"o","a: b"]\n\n: nothing new\n\nevent: end\ndata: over\n\n';

    const events = [...whole].flatMap((letter) => stream.add(letter));

    expect(events).toEqual([
      { name: 'message', data: '[1,"o","a: b"]' },
      { name: 'end', data: 'over' },
    ]);
  });

  it('may have data of several lines, and ends of line of any kind', () => {
    expect(new ServerEvents().add('data: a\r\ndata:b\r\n\r\ndata: half')).toEqual([
      { name: 'message', data: 'a\nb' },
    ]);
  });
});
