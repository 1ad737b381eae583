import { Group, Table, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { CaretSortIcon, ChevronDownIcon, ChevronUpIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';

export interface Column<Row> {
  /** Unique; also what is sorted by. */
  id: string;
  /** Empty for a column of buttons. */
  label: string;
  cell(row: Row): ReactNode;
  sortable?: boolean;
}

interface Sort {
  by: string;
  order: 'asc' | 'desc';
  onSort(by: string): void;
}

/** A table that turns into cards where the screen is narrow. The roles stay when CSS takes the table's layout away. */
export function DataTable<Row extends { id: string }>(props: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  sort?: Sort;
}) {
  const { columns, rows, sort } = props;
  return (
    <Table className="stacked" aria-label={props.label} role="table">
      <Table.Thead role="rowgroup">
        <Table.Tr role="row">
          {columns.map(column => (
            <Header key={column.id} column={column} sort={sort} />
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {rows.map(row => (
          <Table.Tr key={row.id} role="row">
            {columns.map(column => (
              <Table.Td key={column.id} role="cell" data-label={column.label}>
                <div>{column.cell(row)}</div>
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

function Header<Row>({ column, sort }: { column: Column<Row>; sort: Sort | undefined }) {
  if (!sort || !column.sortable) {
    return <Table.Th role="columnheader">{column.label || <VisuallyHidden>Actions</VisuallyHidden>}</Table.Th>;
  }
  const active = sort.by === column.id;
  const Icon = !active ? CaretSortIcon : sort.order === 'asc' ? ChevronUpIcon : ChevronDownIcon;
  return (
    <Table.Th role="columnheader" aria-sort={active ? ariaSort[sort.order] : 'none'}>
      <UnstyledButton fw={700} fz="sm" onClick={() => sort.onSort(column.id)}>
        <Group gap={4} wrap="nowrap">
          {column.label}
          <Icon aria-hidden="true" />
        </Group>
      </UnstyledButton>
    </Table.Th>
  );
}
