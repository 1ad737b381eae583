import { Group, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { auditQuery } from '../api/queries.ts';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { ButtonLink } from '../components/Links.tsx';
import { List } from '../components/List.tsx';
import { Page } from '../components/Page.tsx';
import { Empty } from '../components/States.tsx';
import { When } from '../components/When.tsx';
import { sentence } from '../lib/words.ts';

type Entry = Schemas['AuditEntry'];
const route = getRouteApi('/inside/audit');

const actions = [
  'account.created',
  'api_key.created',
  'api_key.revoked',
  'api_key.rotated',
  'channel.connected',
  'channel.credentials_replaced',
  'channel.disconnected',
  'channel.reconnected',
  'channel.removed',
  'channel.renamed',
  'member.invitation_canceled',
  'member.invited',
  'member.joined',
  'member.removed',
  'member.role_changed',
  'message.resent',
  'workspace.archived',
  'workspace.connected',
  'workspace.reconnected',
  'workspace.restored',
];

export default function Audit() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const query = useInfiniteQuery(auditQuery(search));
  return (
    <Page title="Audit log" intro="Who changed what, the latest first. Nothing here can be changed or removed.">
      <Stack>
        <Group gap="sm" role="search">
          <Select
            aria-label="What was done"
            placeholder="Everything"
            clearable
            searchable
            data={actions.map(value => ({ value, label: sentence(value) }))}
            value={search.action ?? null}
            onChange={action => void navigate({ to: '.', search: { ...search, action: action ?? undefined } })}
            style={{ flex: '1 1 18rem', maxWidth: '20rem' }}
          />
          {search.target && (
            <ButtonLink to="." search={{ ...search, target: undefined }} variant="default">
              Of everything, not only {search.target}
            </ButtonLink>
          )}
        </Group>
        <List query={query} empty={<Empty title="Nothing was changed yet" />}>
          {entries => <DataTable label="Audit log" columns={columns} rows={entries} />}
        </List>
      </Stack>
    </Page>
  );
}

const columns: Column<Entry>[] = [
  { id: 'at', label: 'When', cell: ({ at }) => <When at={at} /> },
  { id: 'actor', label: 'Who', cell: ({ actor }) => nameOf(actor) },
  { id: 'action', label: 'What', cell: ({ action }) => sentence(action) },
  { id: 'detail', label: 'Details', cell: entry => <Details entry={entry} /> },
];

function nameOf({ kind, name }: Entry['actor']): string {
  if (kind === 'key') return `API key ${name ?? '(gone)'}`;
  return name ?? (kind === 'system' ? 'Octopods' : 'Somebody who is gone');
}

function Details({ entry }: { entry: Entry }) {
  const details = Object.entries(entry.detail).filter(([, value]) => value !== null && value !== false);
  return (
    <>
      {details.map(([name, value]) => (
        <Text size="sm" key={name}>
          {sentence(name.replace(/([A-Z])/g, ' $1').toLowerCase())}: {wordsOf(value)}
        </Text>
      ))}
      <Link to="." search={{ target: entry.target }} className="quiet">
        {entry.target}
      </Link>
    </>
  );
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOf).join(', ');
  if (value === true) return 'yes';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
