import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client.ts';
import { ApiProblem } from './problem.ts';
import type { operations } from './schema';

/** Milliseconds between looks at what changes by itself. Only while the page is seen. */
const live = 10_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refused stays refused; a second try is for connections that broke.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiProblem && error.status < 500),
    },
  },
});

type Query<Name extends keyof operations> = Omit<NonNullable<operations[Name]['parameters']['query']>, 'cursor'>;

/** One page after the other, by the cursor of the page before. */
function list<Item>(
  key: readonly unknown[],
  page: (cursor: string | undefined) => Promise<{ items: Item[]; nextCursor: string | null }>,
) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.nextCursor ?? undefined,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    refetchInterval: live,
  });
}

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: () => answer(api.GET('/api/v1/setup')),
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => answer(api.GET('/api/v1/me')),
  staleTime: 60_000,
});

export const adaptersQuery = queryOptions({
  queryKey: ['adapters'],
  queryFn: () => answer(api.GET('/api/v1/adapters')),
  staleTime: Number.POSITIVE_INFINITY,
});

export const invitationQuery = (id: string) =>
  queryOptions({
    queryKey: ['invitation', id],
    queryFn: () => answer(api.GET('/api/v1/invitations/{id}', { params: { path: { id } } })),
  });

export const workspacesQuery = (query: { archived?: boolean } = {}) =>
  list(['workspaces', query], cursor =>
    answer(
      api.GET('/api/v1/workspaces', {
        params: { query: { cursor, limit: 100, archived: query.archived ? 'true' : 'false' } },
      }),
    ),
  );

export const workspaceQuery = (id: string) =>
  queryOptions({
    queryKey: ['workspace', id],
    queryFn: () => answer(api.GET('/api/v1/workspaces/{id}', { params: { path: { id } } })),
    refetchInterval: live,
  });

export const channelsQuery = (query: Query<'listChannels'> = {}) =>
  list(['channels', query], cursor =>
    answer(api.GET('/api/v1/channels', { params: { query: { ...query, cursor, limit: 100 } } })),
  );

export const channelQuery = (id: string) =>
  queryOptions({
    queryKey: ['channel', id],
    queryFn: () => answer(api.GET('/api/v1/channels/{id}', { params: { path: { id } } })),
    refetchInterval: live,
  });

export const capabilitiesQuery = (id: string) =>
  queryOptions({
    queryKey: ['channel', id, 'capabilities'],
    queryFn: () => answer(api.GET('/api/v1/channels/{id}/capabilities', { params: { path: { id } } })),
  });

/** Channels and workspaces have the same histories and webhooks, at addresses of their own. */
export type Subject = 'channels' | 'workspaces';

export const historyQuery = (subject: Subject, id: string) =>
  list([subject, id, 'history'], cursor =>
    answer(
      subject === 'channels'
        ? api.GET('/api/v1/channels/{id}/history', { params: { path: { id }, query: { cursor, limit: 10 } } })
        : api.GET('/api/v1/workspaces/{id}/history', { params: { path: { id }, query: { cursor, limit: 10 } } }),
    ),
  );

export const webhooksQuery = (subject: Subject, id: string) =>
  list([subject, id, 'webhooks'], cursor =>
    answer(
      subject === 'channels'
        ? api.GET('/api/v1/channels/{id}/webhooks', { params: { path: { id }, query: { cursor, limit: 20 } } })
        : api.GET('/api/v1/workspaces/{id}/webhooks', { params: { path: { id }, query: { cursor, limit: 20 } } }),
    ),
  );

export const conversationsQuery = (query: Query<'listConversations'> = {}) =>
  list(['conversations', query], cursor =>
    answer(api.GET('/api/v1/conversations', { params: { query: { ...query, cursor } } })),
  );

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: ['conversation', id],
    queryFn: () => answer(api.GET('/api/v1/conversations/{id}', { params: { path: { id } } })),
    refetchInterval: live,
  });

export const conversationMessagesQuery = (id: string) =>
  list(['conversation', id, 'messages'], cursor =>
    answer(
      api.GET('/api/v1/conversations/{id}/messages', {
        params: { path: { id }, query: { cursor, order: 'desc' } },
      }),
    ),
  );

export const messagesQuery = (query: Query<'listMessages'>) =>
  list(['messages', query], cursor =>
    answer(api.GET('/api/v1/messages', { params: { query: { ...query, cursor, limit: 100 } } })),
  );

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: () => answer(api.GET('/api/v1/messages/{id}', { params: { path: { id } } })),
    refetchInterval: live,
  });

export const membersQuery = list(['members'], cursor =>
  answer(api.GET('/api/v1/team/members', { params: { query: { cursor, limit: 100 } } })),
);

export const invitationsQuery = list(['invitations'], cursor =>
  answer(api.GET('/api/v1/team/invitations', { params: { query: { cursor, limit: 100 } } })),
);

export const apiKeysQuery = list(['api-keys'], cursor =>
  answer(api.GET('/api/v1/api-keys', { params: { query: { cursor, limit: 100 } } })),
);

export const auditQuery = (query: { action?: string | undefined; target?: string | undefined }) =>
  list(['audit', query], cursor => answer(api.GET('/api/v1/audit-log', { params: { query: { ...query, cursor } } })));
