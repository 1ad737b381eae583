import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  redirect,
  stringifySearchWith,
} from '@tanstack/react-router';
import { ApiProblem } from './api/problem.ts';
import { queryClient } from './api/queries.ts';
import { Outside } from './components/Outside.tsx';
import { Shell } from './components/Shell.tsx';
import { Loading } from './components/States.tsx';
import { strings } from './lib/search.ts';
import { Failed, NotFound } from './pages/fallback.tsx';
import { requireSession } from './session.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Failed });

/** For people who are not signed in. */
const outside = createRoute({ getParentRoute: () => root, id: 'outside', component: Outside });

const signIn = createRoute({
  getParentRoute: () => outside,
  path: '/sign-in',
  validateSearch: strings('next'),
  component: lazyRouteComponent(() => import('./pages/sign-in.tsx')),
});

const setup = createRoute({
  getParentRoute: () => outside,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/setup.tsx')),
});

const invitation = createRoute({
  getParentRoute: () => outside,
  path: '/invitations/$invitationId',
  component: lazyRouteComponent(() => import('./pages/invitation.tsx')),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: ({ location }) => requireSession(location),
  component: Shell,
  errorComponent: Failed,
});

/** A login at a platform comes back here and leaves word in the query. */
const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: strings('connected', 'problem'),
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/workspaces', search });
  },
});

const workspaces = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces',
  validateSearch: strings('connected', 'problem', 'archived'),
  component: lazyRouteComponent(() => import('./pages/workspaces.tsx')),
});

const connectWorkspace = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces/connect/$platform',
  component: lazyRouteComponent(() => import('./pages/connect-workspace.tsx')),
});

const workspace = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces/$workspaceId',
  validateSearch: strings('q', 'kind', 'status', 'sort', 'order', 'add'),
  component: lazyRouteComponent(() => import('./pages/workspace.tsx')),
});

const workspaceSettings = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces/$workspaceId/settings',
  component: lazyRouteComponent(() => import('./pages/workspace-settings.tsx')),
});

const addChannel = createRoute({
  getParentRoute: () => inside,
  path: '/workspaces/$workspaceId/add/$kind',
  component: lazyRouteComponent(() => import('./pages/add-channel.tsx')),
});

const channel = createRoute({
  getParentRoute: () => inside,
  path: '/channels/$channelId',
  validateSearch: strings('tab'),
  component: lazyRouteComponent(() => import('./pages/channel.tsx')),
});

const conversations = createRoute({
  getParentRoute: () => inside,
  path: '/conversations',
  validateSearch: strings('q', 'workspaceId', 'channelId', 'state'),
  component: lazyRouteComponent(() => import('./pages/conversations.tsx')),
});

const conversation = createRoute({
  getParentRoute: () => inside,
  path: '/conversations/$conversationId',
  validateSearch: strings('message'),
  component: lazyRouteComponent(() => import('./pages/conversation.tsx')),
});

const deadLetters = createRoute({
  getParentRoute: () => inside,
  path: '/dead-letters',
  validateSearch: strings('workspaceId', 'channelId', 'status', 'message'),
  component: lazyRouteComponent(() => import('./pages/dead-letters.tsx')),
});

const team = createRoute({
  getParentRoute: () => inside,
  path: '/team',
  component: lazyRouteComponent(() => import('./pages/team.tsx')),
});

const profile = createRoute({
  getParentRoute: () => inside,
  path: '/profile',
  component: lazyRouteComponent(() => import('./pages/profile.tsx')),
});

const apiKeys = createRoute({
  getParentRoute: () => inside,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('./pages/api-keys.tsx')),
});

const audit = createRoute({
  getParentRoute: () => inside,
  path: '/audit',
  validateSearch: strings('action', 'target'),
  component: lazyRouteComponent(() => import('./pages/audit.tsx')),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    outside.addChildren([signIn, setup, invitation]),
    inside.addChildren([
      workspaces,
      connectWorkspace,
      workspace,
      workspaceSettings,
      addChannel,
      channel,
      conversations,
      conversation,
      deadLetters,
      team,
      profile,
      apiKeys,
      audit,
    ]),
  ]),
  // Plain words in the address, so that links can be read and written by hand.
  parseSearch: parseSearchWith(value => value),
  stringifySearch: stringifySearchWith(String),
  defaultPendingComponent: Loading,
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** A session that ended while a page was open: to the door, and from there back to the same page. */
queryClient.getQueryCache().subscribe(event => {
  if (event.type !== 'updated' || event.action.type !== 'error') return;
  const { error } = event.action;
  if (!(error instanceof ApiProblem) || error.code !== 'UNAUTHENTICATED') return;
  // The first question of a visit is asked by `requireSession`, which knows where to send a stranger.
  if (event.query.queryKey[0] === 'me' && event.query.state.data === undefined) return;
  const { pathname, search } = window.location;
  window.location.assign(`/sign-in?${new URLSearchParams({ next: pathname + search })}`);
});
