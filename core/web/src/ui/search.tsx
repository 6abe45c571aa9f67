import { useEffect, useState } from 'react';
import { TextField } from './field';
import './search.css';

const typingPause = 300;

type SearchProps = { label: string; q: string; onSearch: (q: string | undefined) => void };

/** Searches while one types, after a short pause. */
export function Search({ label, q, onSearch }: SearchProps) {
  const [typed, setTyped] = useState(q);
  const [asked, setAsked] = useState(q);
  const [seen, setSeen] = useState(q);

  // What we did not ask for came by other means, such as the back button.
  if (q !== seen) {
    setSeen(q);
    if (q !== asked) {
      setAsked(q);
      setTyped(q);
    }
  }

  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === asked) return;
    const timer = setTimeout(() => {
      setAsked(wanted);
      onSearch(wanted || undefined);
    }, typingPause);
    return () => clearTimeout(timer);
  }, [typed, asked, onSearch]);

  return (
    <TextField
      type="search"
      label={label}
      labelHidden
      placeholder={label}
      maxLength={200}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
