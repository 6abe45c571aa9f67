import { useState } from 'react';
import './pick.css';

type PickBoxProps = { label: string; picked: boolean; onPick: (picked: boolean) => void };

/** Chooses a row of a table. */
export function PickBox({ label, picked, onPick }: PickBoxProps) {
  return (
    <label className="pick-box">
      <input type="checkbox" checked={picked} onChange={(event) => onPick(event.target.checked)} />
      <span className="visually-hidden">{label}</span>
    </label>
  );
}

/** Which rows are chosen, among those that are there. */
export function usePicked<Row extends { id: string }>(rows: readonly Row[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const picked = rows.filter((row) => ids.has(row.id));
  return {
    picked,
    isPicked: (row: Row) => ids.has(row.id),
    pick(row: Row, yes: boolean) {
      const next = new Set(picked.map((each) => each.id));
      if (yes) next.add(row.id);
      else next.delete(row.id);
      setIds(next);
    },
    pickAll: (yes: boolean) => setIds(new Set(yes ? rows.map((row) => row.id) : [])),
    clear: () => setIds(new Set()),
  };
}
