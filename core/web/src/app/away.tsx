import { useQueryClient } from '@tanstack/react-query';
import { useConnection } from '~/api/connection';
import { text } from '~/text';
import { Button } from '~/ui/button';
import { Note } from '~/ui/parts';
import './away.css';

/** Across every page while the core, or its database, is away; goes by itself when it is back. */
export function AwayBanner() {
  const connection = useConnection();
  const client = useQueryClient();
  if (connection === 'fine') return null;
  return (
    <div className="away" role="alert">
      <Note
        tone="warning"
        action={<Button onClick={() => void client.refetchQueries({ type: 'active' })}>{text.retry}</Button>}
      >
        {text.away[connection]}
      </Note>
    </div>
  );
}
