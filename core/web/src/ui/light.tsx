import type { ReactElement } from 'react';
import { text } from '~/text';
import './light.css';

export type LightColour = 'green' | 'amber' | 'red' | 'unknown';

const shapes: Record<LightColour, ReactElement> = {
  green: <circle cx="8" cy="8" r="6.5" />,
  amber: <path d="M8 1.2 15.4 14.4H.6Z" />,
  red: <path d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5Z" />,
  unknown: <circle className="light-ring" cx="8" cy="8" r="5.5" />,
};

/** A traffic light: colour, shape and word each say the same. */
export function Light({ colour, word = true }: { colour: LightColour; word?: boolean }) {
  return (
    <span className={`light light-${colour}`}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
        {shapes[colour]}
      </svg>
      {word && text.sites.light[colour]}
    </span>
  );
}
