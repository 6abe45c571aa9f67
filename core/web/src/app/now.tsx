import { useEffect, useState } from 'react';
import { exactTime, relativeTime } from '~/text/format';

/** The present moment in milliseconds, again every ten seconds. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** A moment as distance from now; the exact one shows on hover and is there for machines. */
export function When({ at }: { at: string }) {
  const now = useNow();
  const moment = new Date(at);
  return (
    <time dateTime={at} title={exactTime(moment)}>
      {relativeTime(moment, now)}
    </time>
  );
}
