import { Pause, Play, RotateCcw } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { text } from '~/text';
import { clock } from '~/text/format';
import { IconButton } from '~/ui/button';
import { Check } from '~/ui/choices';
import { SelectField } from '~/ui/field';
import type { Cast } from './cast';
import { FindInCast } from './find_in_cast';
import { Playback, speeds } from './playback';
import { openTerminal } from './terminal';
import '@xterm/xterm/css/xterm.css';
import './player.css';

const step = 5;
const bigStep = 60;

/** Plays a recording: play and pause, seek, speed, without the pauses, and search in its text. */
export function Player({ cast }: { cast: Cast }) {
  const place = useRef<HTMLDivElement>(null);
  const [playback, setPlayback] = useState<Playback | null>(null);
  const [playing, setPlaying] = useState(false);
  const [position, setPosition] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [skipIdle, setSkipIdle] = useState(true);

  useEffect(() => {
    if (!place.current) return;
    const terminal = openTerminal(place.current);
    const made = new Playback(cast, terminal);
    // What it began with is in view before anybody presses anything.
    made.seek(0);
    setPlayback(made);
    setPosition(0);
    setPlaying(false);
    return () => terminal.close();
  }, [cast]);

  useEffect(() => {
    if (!playback) return;
    playback.speed = speed;
    playback.skipIdle = skipIdle;
  }, [playback, speed, skipIdle]);

  useEffect(() => {
    if (!playing || !playback) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function tick(now) {
      playback.advance(Math.max(0, now - last));
      last = now;
      setPosition(playback.position);
      if (playback.over) setPlaying(false);
      else frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, playback]);

  const seek = useCallback(
    (to: number) => {
      playback?.seek(to);
      setPosition(playback?.position ?? 0);
    },
    [playback],
  );

  function toggle() {
    if (!playing && playback?.over) seek(0);
    setPlaying(!playing);
  }

  function faster(steps: number) {
    const at = steps + speeds.indexOf(speed);
    setSpeed(speeds[Math.min(speeds.length - 1, Math.max(0, at))] ?? 1);
  }

  function press(event: KeyboardEvent) {
    if (event.target instanceof HTMLInputElement && event.target.type === 'search') return;
    if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Record<string, () => void> = {
      k: toggle,
      ArrowLeft: () => seek(position - (event.shiftKey ? bigStep : step)),
      ArrowRight: () => seek(position + (event.shiftKey ? bigStep : step)),
      Home: () => seek(0),
      End: () => seek(cast.duration),
      '<': () => faster(-1),
      '>': () => faster(1),
    };
    if (!(event.target instanceof HTMLButtonElement) && !isCheckbox(event.target)) actions[' '] = toggle;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  const words = text.player;
  const over = playback?.over === true && cast.duration > 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: every key has a control of its own too
    <div className="player" onKeyDown={press}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the keyboard */}
      <section className="player-screen" aria-label={words.screen} tabIndex={0}>
        <div ref={place} />
      </section>
      <div className="player-bar">
        <IconButton label={playing ? words.pause : over ? words.again : words.play} onClick={toggle}>
          {playing ? (
            <Pause aria-hidden="true" />
          ) : over ? (
            <RotateCcw aria-hidden="true" />
          ) : (
            <Play aria-hidden="true" />
          )}
        </IconButton>
        <input
          type="range"
          className="player-seek"
          aria-label={words.seek}
          aria-valuetext={words.positionOf(clock(position), clock(cast.duration))}
          min={0}
          max={Math.max(cast.duration, 0.001)}
          step="any"
          value={position}
          onChange={(event) => seek(Number(event.target.value))}
        />
        <span className="player-time tabular">
          {clock(position)} / {clock(cast.duration)}
        </span>
        <SelectField
          label={words.speed}
          labelHidden
          value={String(speed)}
          choices={speeds.map((each) => ({ value: String(each), label: words.times(each) }))}
          onChoose={(value) => setSpeed(Number(value))}
        />
        <Check label={words.skipIdle} checked={skipIdle} onCheck={setSkipIdle} />
      </div>
      <p className="dim player-keys">{words.keys}</p>
      <FindInCast cast={cast} onGo={seek} />
    </div>
  );
}

function isCheckbox(target: EventTarget): boolean {
  return target instanceof HTMLInputElement && target.type === 'checkbox';
}
