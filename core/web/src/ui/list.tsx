import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { text } from '~/text';
import { Button } from './button';
import { Awaited, EmptyState } from './parts';
import { Table, type TableProps } from './table';

type Paged<Row> = UseInfiniteQueryResult<InfiniteData<{ items: Row[] }>>;

/** What has come of a list so far. */
export function rowsOf<Row>(list: Paged<Row>): Row[] {
  return list.data?.pages.flatMap((page) => page.items) ?? [];
}

type PagedTableProps<Row> = Omit<TableProps<Row>, 'rows'> & {
  list: Paged<Row>;
  /** What stands there when there is no row. */
  empty: ReactNode;
};

/** A list that comes page by page: its table, or what stands there instead, and the way to more. */
export function PagedTable<Row>({ list, empty, ...table }: PagedTableProps<Row>) {
  const rows = rowsOf(list);
  if (!list.data) return <Awaited of={list} />;
  return (
    <>
      {rows.length === 0 ? empty : <Table {...table} rows={rows} />}
      {list.hasNextPage && (
        <div className="row">
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {text.loadMore}
          </Button>
        </div>
      )}
    </>
  );
}

type NothingFitsProps = { title: string; onClear: () => void; children: ReactNode };

/** Nothing fits the filters, and the way out of them. */
export function NothingFits({ title, onClear, children }: NothingFitsProps) {
  return (
    <EmptyState title={title} action={<Button onClick={onClear}>{text.clearFilters}</Button>}>
      {children}
    </EmptyState>
  );
}
