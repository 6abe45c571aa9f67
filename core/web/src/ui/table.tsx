import type { ReactNode } from 'react';
import './table.css';

export type Column<Row> = {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Left out where there is little room; the first column should then say it. */
  wideOnly?: boolean;
  headHidden?: boolean;
  numeric?: boolean;
  /** No wider than what is in it. */
  narrow?: boolean;
};

export type TableProps<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
};

function cellClass<Row>(column: Column<Row>): string {
  return [column.wideOnly && 'wide-only', column.numeric && 'numeric', column.narrow && 'narrow']
    .filter(Boolean)
    .join(' ');
}

/** A plain table; `caption` is its name for those who do not see it. */
export function Table<Row>({ caption, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <div className="table-frame">
      <table className="table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={cellClass(column)}>
                {column.headHidden ? <span className="visually-hidden">{column.head}</span> : column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.key} className={cellClass(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
