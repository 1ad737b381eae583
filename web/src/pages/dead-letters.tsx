import { Anchor, Button, Checkbox, Group, Progress, Select, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api, type Schemas } from '../api/client.ts';
import { messagesQuery } from '../api/queries.ts';
import { Confirm } from '../components/Confirm.tsx';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { TextLink } from '../components/Links.tsx';
import { List } from '../components/List.tsx';
import { Page } from '../components/Page.tsx';
import { Empty, ErrorNotice, Notice } from '../components/States.tsx';
import { When } from '../components/When.tsx';
import { oneOf } from '../lib/search.ts';
import { count } from '../lib/words.ts';
import { summaryOf } from './messages/part.tsx';
import { type Names, PlaceFilters, useNames } from './messages/place-filters.tsx';
import { refreshMessages } from './messages/resend.tsx';
import { messageStatuses } from './messages/statuses.ts';
import { TraceDrawer } from './messages/trace-drawer.tsx';

type Message = Schemas['Message'];
const route = getRouteApi('/inside/dead-letters');
const statuses = ['failed', 'unconfirmed'] as const;

export default function DeadLetters() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const { message, status: wanted, ...place } = search;
  const status = oneOf(wanted, statuses) ?? statuses.join(',');
  const query = useInfiniteQuery(messagesQuery({ ...place, status }));
  const set = (change: Partial<typeof search>) =>
    void navigate({ to: '.', search: { ...search, ...change }, resetScroll: false });
  return (
    <Page
      title="Dead letters"
      intro="Messages that could not be brought to their end. Mend the cause first, then send them again."
    >
      <Stack>
        <Group gap="sm" role="search">
          <PlaceFilters search={search} set={set} />
          <Select
            aria-label="Status"
            placeholder="Failed and unconfirmed"
            clearable
            data={statuses.map(value => ({ value, label: messageStatuses[value].word }))}
            value={wanted ?? null}
            onChange={value => set({ status: value ?? undefined })}
            style={{ flex: '1 1 14rem', maxWidth: '20rem' }}
          />
        </Group>
        <List query={query} empty={<Empty title="No dead letters">Every message was brought to its end.</Empty>}>
          {messages => <Letters messages={messages} onLook={id => set({ message: id })} />}
        </List>
      </Stack>
      <TraceDrawer messageId={message} onClose={() => set({ message: undefined })} />
    </Page>
  );
}

function Letters({ messages, onLook }: { messages: Message[]; onLook(id: string): void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const names = useNames();
  const present = messages.filter(({ id }) => chosen.has(id));
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <>
      <Group justify="space-between" gap="sm">
        <Checkbox
          label={`All ${messages.length} shown`}
          checked={present.length === messages.length}
          indeterminate={present.length > 0 && present.length < messages.length}
          onChange={event => setChosen(new Set(event.currentTarget.checked ? messages.map(({ id }) => id) : []))}
        />
        <BulkResend messages={present} onDone={() => setChosen(new Set())} />
      </Group>
      <DataTable label="Dead letters" columns={columns({ chosen, toggle, names, onLook })} rows={messages} />
    </>
  );
}

function columns(props: {
  chosen: ReadonlySet<string>;
  toggle(id: string): void;
  names: Names;
  onLook(id: string): void;
}): Column<Message>[] {
  return [
    {
      id: 'chosen',
      label: '',
      cell: message => (
        <Checkbox
          aria-label={`Choose “${summaryOf(message)}”`}
          checked={props.chosen.has(message.id)}
          onChange={() => props.toggle(message.id)}
        />
      ),
    },
    {
      id: 'message',
      label: 'Message',
      cell: message => (
        <>
          <Text lineClamp={2}>{summaryOf(message)}</Text>
          <div className="quiet">
            {message.direction === 'inbound' ? 'from the customer' : 'to the customer'} ·{' '}
            {props.names.channels.get(message.channelId) ?? 'removed channel'}
          </div>
        </>
      ),
    },
    {
      id: 'why',
      label: 'Why',
      cell: message => {
        const { word, tone, meaning } = messageStatuses[message.status];
        return (
          <>
            <span className={`tone tone-${tone}`}>{word}</span>
            <Text size="sm" mt={4}>
              {message.failure?.message ?? meaning}
            </Text>
          </>
        );
      },
    },
    { id: 'at', label: 'When', cell: message => <When at={message.at} /> },
    {
      id: 'look',
      label: '',
      cell: message => (
        <Group gap="sm">
          <Anchor component="button" type="button" size="sm" onClick={() => props.onLook(message.id)}>
            Trace
          </Anchor>
          <TextLink size="sm" to="/conversations/$conversationId" params={{ conversationId: message.conversationId }}>
            Conversation
          </TextLink>
        </Group>
      ),
    },
  ];
}

/** Few enough a request that the bar moves, and that a refusal concerns few. */
const batch = 10;

function BulkResend({ messages, onDone }: { messages: Message[]; onDone(): void }) {
  const [opened, setOpened] = useState(false);
  const [done, setDone] = useState(0);
  const resend = useMutation({
    mutationFn: async () => {
      setDone(0);
      let resent = 0;
      for (let start = 0; start < messages.length; start += batch) {
        const ids = messages.slice(start, start + batch).map(({ id }) => id);
        resent += (await answer(api.POST('/api/v1/messages/resend', { body: { ids } }))).resent.length;
        setDone(start + ids.length);
      }
      return { resent, skipped: messages.length - resent };
    },
    onSuccess: onDone,
    onSettled: () => {
      setOpened(false);
      return refreshMessages();
    },
  });
  const uncertain = messages.filter(({ status }) => status === 'unconfirmed').length;
  return (
    <Stack gap="xs">
      <Button disabled={messages.length === 0} loading={resend.isPending} onClick={() => setOpened(true)}>
        Send {messages.length > 0 ? count(messages.length, 'message') : 'the chosen'} again
      </Button>
      {resend.isPending && messages.length > 0 && (
        <Progress.Root>
          <Progress.Section value={(done / messages.length) * 100} aria-label={`${done} of ${messages.length} sent`} />
        </Progress.Root>
      )}
      {resend.error && <ErrorNotice error={resend.error} />}
      {resend.data && (
        <Notice tone="good" title={`${count(resend.data.resent, 'message is', 'messages are')} on the way again`}>
          {resend.data.skipped > 0 && `${resend.data.skipped} had not failed any more.`}
        </Notice>
      )}
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Send ${count(messages.length, 'message')} again?`}
        action="Send again"
        onConfirm={() => resend.mutate()}
        pending={resend.isPending}
        error={null}
      >
        <Text size="sm">
          Each goes to the end of its conversation.
          {uncertain > 0 && ` ${count(uncertain, 'one')} may have arrived already: the customer may get it twice.`}
        </Text>
      </Confirm>
    </Stack>
  );
}
