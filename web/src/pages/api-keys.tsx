import { Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { PlusIcon } from '@radix-ui/react-icons';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, type Schemas } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { apiKeysQuery, queryClient, workspacesQuery } from '../api/queries.ts';
import { Confirm } from '../components/Confirm.tsx';
import { Copyable } from '../components/CopyButton.tsx';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { List } from '../components/List.tsx';
import { Page } from '../components/Page.tsx';
import { Empty, ErrorNotice, Notice, type Tone } from '../components/States.tsx';
import { When } from '../components/When.tsx';
import { count } from '../lib/words.ts';
import { useIsAdmin } from '../session.ts';
import { useNames } from './messages/place-filters.tsx';

type ApiKey = Schemas['ApiKey'];

const statuses: Record<ApiKey['status'], { word: string; tone: Tone }> = {
  active: { word: 'Active', tone: 'good' },
  rotating: { word: 'Being replaced', tone: 'wait' },
  deprecated: { word: 'No longer valid', tone: 'idle' },
};

const refresh = () => queryClient.invalidateQueries({ queryKey: ['api-keys'] });

export default function ApiKeys() {
  const query = useInfiniteQuery(apiKeysQuery);
  const names = useNames();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string>();
  const isAdmin = useIsAdmin();
  const add = isAdmin && (
    <Button leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
      Make a key
    </Button>
  );
  return (
    <Page
      title="API keys"
      intro="For programs of yours that use the API. A key can do what an admin can, in one workspace or in all."
      actions={add}
    >
      <List query={query} empty={<Empty title="No key yet" action={add} />}>
        {keys => <DataTable label="API keys" columns={columns(names.workspaces, setMade)} rows={keys} />}
      </List>
      <Modal opened={adding} onClose={() => setAdding(false)} title={<Text fw={650}>Make an API key</Text>}>
        <NewKey
          onMade={key => {
            setAdding(false);
            setMade(key);
          }}
        />
      </Modal>
      <Modal
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        closeOnClickOutside={false}
        title={<Text fw={650}>Your new key</Text>}
      >
        <Stack>
          <Notice tone="warn" title="Shown this once">
            Keep it where you keep secrets. Who loses it makes a new one.
          </Notice>
          {made && <Copyable value={made} what="key" />}
          <Button onClick={() => setMade(undefined)}>I have kept it</Button>
        </Stack>
      </Modal>
    </Page>
  );
}

function NewKey({ onMade }: { onMade(key: string): void }) {
  const workspaces = useInfiniteQuery(workspacesQuery());
  const form = useForm<{ name: string; workspaceId: string | null }>({
    initialValues: { name: '', workspaceId: null },
  });
  const make = useMutation({
    mutationFn: ({ name, workspaceId }: typeof form.values) =>
      answer(api.POST('/api/v1/api-keys', { body: { name, ...(workspaceId ? { workspaceId } : {}) } })),
    onSuccess: ({ key }) => {
      onMade(key);
      return refresh();
    },
    onError: error => form.setErrors(asProblem(error).fields),
  });
  return (
    <form onSubmit={form.onSubmit(values => make.mutate(values))}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="What uses it, for example “Shop back end”."
          required
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Select
          label="Opens"
          placeholder="All workspaces"
          clearable
          data={workspaces.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          {...form.getInputProps('workspaceId')}
        />
        {make.error && <ErrorNotice error={make.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function columns(workspaces: ReadonlyMap<string, string>, onMade: (key: string) => void): Column<ApiKey>[] {
  return [
    {
      id: 'name',
      label: 'Name',
      cell: key => (
        <>
          <Text fw={600}>{key.name}</Text>
          <span className="quiet code">…{key.hint}</span>
        </>
      ),
    },
    {
      id: 'opens',
      label: 'Opens',
      cell: ({ workspaceId }) =>
        workspaceId ? (workspaces.get(workspaceId) ?? 'an archived workspace') : 'all workspaces',
    },
    {
      id: 'status',
      label: 'Status',
      cell: ({ status, validUntil }) => (
        <>
          <span className={`tone tone-${statuses[status].tone}`}>{statuses[status].word}</span>
          {status === 'rotating' && validUntil && (
            <div className="quiet">
              works until <When at={validUntil} />
            </div>
          )}
        </>
      ),
    },
    { id: 'used', label: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? <When at={lastUsedAt} /> : 'never') },
    {
      id: 'made',
      label: 'Made',
      cell: ({ createdAt, createdBy }) => (
        <>
          <When at={createdAt} />
          {createdBy && <div className="quiet">by {createdBy}</div>}
        </>
      ),
    },
    {
      id: 'acts',
      label: '',
      cell: key =>
        key.status !== 'deprecated' && (
          <Group gap="xs">
            {key.status === 'active' && <Rotate apiKey={key} onMade={onMade} />}
            <Revoke apiKey={key} />
          </Group>
        ),
    },
  ];
}

function Rotate({ apiKey, onMade }: { apiKey: ApiKey; onMade(key: string): void }) {
  const [opened, setOpened] = useState(false);
  const [hours, setHours] = useState<number | string>(24);
  const overlapHours = Number(hours);
  const rotate = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/api-keys/{id}/rotate', { params: { path: { id: apiKey.id } }, body: { overlapHours } })),
    onSuccess: ({ key }) => {
      setOpened(false);
      onMade(key);
      return refresh();
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpened(true)} aria-label={`Replace ${apiKey.name}`}>
        Replace
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Replace ${apiKey.name}?`}
        action="Make the new key"
        onConfirm={() => rotate.mutate()}
        pending={rotate.isPending}
        error={rotate.error}
      >
        <NumberInput
          label="Hours in which both work"
          description={`The old key ends ${overlapHours === 0 ? 'at once' : `after ${count(overlapHours, 'hour')}`}.`}
          min={0}
          max={168}
          value={hours}
          onChange={setHours}
        />
      </Confirm>
    </>
  );
}

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const [opened, setOpened] = useState(false);
  const revoke = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/api-keys/{id}', { params: { path: { id: apiKey.id } } })),
    onSuccess: () => {
      setOpened(false);
      return refresh();
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpened(true)} aria-label={`Revoke ${apiKey.name}`}>
        Revoke
      </Button>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Revoke ${apiKey.name}?`}
        action="Revoke"
        name={apiKey.name}
        onConfirm={() => revoke.mutate()}
        pending={revoke.isPending}
        error={revoke.error}
      >
        <Text size="sm">Programs that use it are refused at once. This cannot be taken back.</Text>
      </Confirm>
    </>
  );
}
