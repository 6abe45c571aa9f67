import { useEffect, useRef, useState } from 'react';
import { problemText } from '~/api/problem';
import { watchSession } from '~/api/session_queries';
import { text } from '~/text';
import { Note } from '~/ui/parts';
import { Cast } from './cast';
import { drawEvents } from './playback';
import { ServerEvents } from './server_events';
import { openTerminal } from './terminal';
import '@xterm/xterm/css/xterm.css';
import './player.css';

type LiveState = keyof typeof text.player.live;

/** What a session shows, as it shows it; from its beginning on. */
export function Live({ session, onOver }: { session: string; onOver: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<LiveState>('waiting');
  const [problem, setProblem] = useState<unknown>(null);
  const over = useRef(onOver);
  over.current = onOver;

  useEffect(() => {
    if (!place.current) return;
    const terminal = openTerminal(place.current);
    const stop = new AbortController();
    const stream = new ServerEvents();
    const cast = new Cast();
    let begun = false;

    function take(piece: string) {
      const events = stream.add(piece);
      const lines = events.filter((event) => event.name === 'message').map((event) => `${event.data}\n`);
      const fresh = cast.add(lines.join(''));
      if (cast.head && !begun) terminal.reset(cast.head);
      begun = cast.head !== undefined;
      drawEvents(fresh, terminal);
      const end = events.find((event) => event.name === 'end');
      if (end || cast.broken) setState(end?.data === 'over' ? 'over' : 'broken');
      else setState(begun ? 'live' : 'waiting');
    }

    async function watch() {
      try {
        await watchSession(session, take, stop.signal);
        if (!stop.signal.aborted) over.current();
      } catch (error) {
        if (stop.signal.aborted) return;
        setProblem(error);
        setState('broken');
      }
    }
    void watch();
    return () => {
      stop.abort();
      terminal.close();
    };
  }, [session]);

  return (
    <div className="player">
      {problem !== null && <Note tone="warning">{problemText(problem)}</Note>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the keyboard */}
      <section className="player-screen" aria-label={text.player.screen} tabIndex={0}>
        <div ref={place} />
      </section>
      <p role="status" className="dim">
        {text.player.live[state]}
      </p>
    </div>
  );
}
