import { Button, Center, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Schemas } from '../api/client.ts';
import { conversationMessagesQuery, conversationQuery } from '../api/queries.ts';
import { Copyable } from '../components/CopyButton.tsx';
import { Facts } from '../components/Facts.tsx';
import { TextLink } from '../components/Links.tsx';
import { Page } from '../components/Page.tsx';
import { Empty, ErrorNotice, Loading } from '../components/States.tsx';
import { dayOf } from '../lib/time.ts';
import { sentence } from '../lib/words.ts';
import { contactName, Waiting } from './conversations.tsx';
import { Bubble } from './messages/bubble.tsx';
import { useNames } from './messages/place-filters.tsx';
import { TraceDrawer } from './messages/trace-drawer.tsx';

type ConversationView = Schemas['Conversation'];
type Message = Schemas['Message'];
const route = getRouteApi('/inside/conversations/$conversationId');

export default function Conversation() {
  const { conversationId } = route.useParams();
  const conversation = useQuery(conversationQuery(conversationId));
  if (conversation.isPending) return <Loading />;
  if (!conversation.data) {
    return (
      <Page title="Conversation" above={<Up />}>
        <ErrorNotice error={conversation.error} retry={() => void conversation.refetch()} />
      </Page>
    );
  }
  return <Shown conversation={conversation.data} />;
}

function Up() {
  return <TextLink to="/conversations">Conversations</TextLink>;
}

function Shown({ conversation }: { conversation: ConversationView }) {
  const { message } = route.useSearch();
  const navigate = useNavigate();
  const look = (id: string | undefined) =>
    void navigate({ to: '.', search: id === undefined ? {} : { message: id }, resetScroll: false });
  return (
    <Page title={contactName(conversation)} above={<Up />}>
      <Stack gap="lg">
        <About conversation={conversation} />
        <Messages conversationId={conversation.id} onLook={look} />
      </Stack>
      <TraceDrawer messageId={message} onClose={() => look(undefined)} />
    </Page>
  );
}

function About({ conversation }: { conversation: ConversationView }) {
  const names = useNames();
  const { contact } = conversation;
  return (
    <section className="card" aria-label="About this conversation">
      <Facts
        of={[
          [
            'Channel',
            <TextLink key="channel" to="/channels/$channelId" params={{ channelId: conversation.channelId }}>
              {names.channels.get(conversation.channelId) ?? 'Removed channel'}
            </TextLink>,
          ],
          ['Phone', contact.phone],
          ['User name', contact.username],
          ['Address', <Copyable key="address" value={conversation.address} what="address" />],
          ['State', sentence(conversation.state)],
          ['Waiting', <Waiting key="lane" lane={conversation.lane} />],
          [
            'Thread in the inbox',
            conversation.threadId && <Copyable key="thread" value={conversation.threadId} what="thread id" />,
          ],
        ]}
      />
    </section>
  );
}

function Messages({ conversationId, onLook }: { conversationId: string; onLook(id: string): void }) {
  const query = useInfiniteQuery(conversationMessagesQuery(conversationId));
  if (query.isPending) return <Loading />;
  if (!query.data) return <ErrorNotice error={query.error} retry={() => void query.refetch()} />;
  const messages = [...query.data].reverse();
  const byRemoteId = new Map(messages.map(message => [message.remoteId, message]));
  return (
    <section aria-label="Messages">
      {query.hasNextPage && (
        <Center mb="md">
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show earlier ones
          </Button>
        </Center>
      )}
      {messages.length === 0 && <Empty title="Nothing was said yet" />}
      <ol className="chat">
        {messages.map((message, index) => (
          <Entry
            key={message.id}
            message={message}
            before={messages[index - 1]}
            quoted={message.replyTo ? byRemoteId.get(message.replyTo.id) : undefined}
            onLook={onLook}
          />
        ))}
      </ol>
    </section>
  );
}

function Entry(props: {
  message: Message;
  before: Message | undefined;
  quoted: Message | undefined;
  onLook(id: string): void;
}) {
  const day = dayOf(props.message.at);
  const newDay = !props.before || dayOf(props.before.at) !== day;
  return (
    <>
      {newDay && (
        <li className="day">
          <Text component="span" size="sm">
            {day}
          </Text>
        </li>
      )}
      <Bubble message={props.message} quoted={props.quoted} onLook={() => props.onLook(props.message.id)} />
    </>
  );
}
