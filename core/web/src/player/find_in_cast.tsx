import { memo, useMemo, useState } from 'react';
import { text } from '~/text';
import { clock } from '~/text/format';
import { Badge } from '~/ui/badge';
import { Search } from '~/ui/search';
import type { Cast } from './cast';
import { findIn, Script } from './find';

type FindProps = { cast: Cast; onGo: (seconds: number) => void };

/**
 * Searches what was shown, and what was typed where that is recorded; each finding leads to its moment. It stands still
 * while the recording plays, which draws everything around it many times a second.
 */
export const FindInCast = memo(function FindInCast({ cast, onGo }: FindProps) {
  const [wanted, setWanted] = useState('');
  const scripts = useMemo(() => [new Script(cast.events, 'o'), new Script(cast.events, 'i')], [cast]);
  const findings = useMemo(() => findIn(scripts, wanted), [scripts, wanted]);
  const words = text.player;
  return (
    <div className="stack player-find">
      <div className="player-find-field">
        <Search label={words.find} q={wanted} onSearch={(q) => setWanted(q ?? '')} />
      </div>
      <p role="status" className="dim">
        {wanted && words.found(findings.length)}
      </p>
      {findings.length > 0 && (
        <ul className="player-findings">
          {findings.map((finding, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list is made anew with each search
            <li key={index}>
              <button type="button" onClick={() => onGo(finding.at)}>
                <span className="tabular">{clock(finding.at)}</span>
                <code>{finding.line}</code>
                {finding.typed && <Badge tone="info">{words.typed}</Badge>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
});
