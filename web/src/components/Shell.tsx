import { AppShell, Burger, Divider, Group, Menu, NavLink, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  ActivityLogIcon,
  ChatBubbleIcon,
  ChevronDownIcon,
  EnvelopeOpenIcon,
  ExclamationTriangleIcon,
  ExitIcon,
  LayersIcon,
  LockClosedIcon,
  PersonIcon,
} from '@radix-ui/react-icons';
import { useMutation } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { signOut, switchAccount, useIsAdmin, useMe } from '../session.ts';
import { Brand } from './Brand.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';

const places = [
  { to: '/workspaces', also: '/channels', label: 'Workspaces', icon: LayersIcon },
  { to: '/conversations', label: 'Conversations', icon: ChatBubbleIcon },
  { to: '/dead-letters', label: 'Dead letters', icon: ExclamationTriangleIcon },
] as const;

const account = [
  { to: '/team', label: 'Team', icon: PersonIcon, admin: false },
  { to: '/api-keys', label: 'API keys', icon: LockClosedIcon, admin: true },
  { to: '/audit', label: 'Audit log', icon: ActivityLogIcon, admin: true },
] as const;

/** The frame of every page behind the door. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: having gone somewhere is what closes the menu.
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href="#main" className="skip-link">
        Skip to the content
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
              aria-expanded={opened}
            />
            <Link to="/workspaces" className="brand-link" aria-label="Octopods: to the workspaces">
              <Brand />
            </Link>
          </Group>
          <Group gap={4} wrap="nowrap">
            <ThemeSwitch />
            <PersonMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Main">
        <Navigation pathname={pathname} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

function Navigation({ pathname }: { pathname: string }) {
  const isAdmin = useIsAdmin();
  return (
    <ScrollArea type="auto">
      {places.map(place => (
        <Place
          key={place.to}
          {...place}
          active={pathname.startsWith(place.to) || ('also' in place && pathname.startsWith(place.also))}
        />
      ))}
      <Divider my="sm" label="Account" labelPosition="left" />
      {account
        .filter(({ admin }) => isAdmin || !admin)
        .map(place => (
          <Place key={place.to} {...place} active={pathname.startsWith(place.to)} />
        ))}
      <NavLink component="a" href="/docs" label="API reference" leftSection={<EnvelopeOpenIcon />} />
    </ScrollArea>
  );
}

function Place(props: { to: string; label: string; icon: typeof LayersIcon; active: boolean }) {
  const Icon = props.icon;
  return (
    <NavLink
      component={Link}
      to={props.to}
      label={props.label}
      leftSection={<Icon aria-hidden="true" />}
      active={props.active}
      aria-current={props.active ? 'page' : undefined}
    />
  );
}

function PersonMenu() {
  const me = useMe();
  const leave = useMutation({ mutationFn: signOut });
  const change = useMutation({ mutationFn: switchAccount });
  const others = me.accounts.filter(({ id }) => id !== me.account.id);
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton px="xs" py={4} aria-label={`${me.user?.name ?? 'You'}, ${me.account.name}: your menu`}>
          <Group gap={6} wrap="nowrap">
            <PersonIcon aria-hidden="true" />
            <Text size="sm" visibleFrom="xs" truncate maw={180}>
              {me.account.name}
            </Text>
            <ChevronDownIcon aria-hidden="true" />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.user?.name} · {me.role}
        </Menu.Label>
        <Menu.Item component={Link} to="/profile" leftSection={<PersonIcon />}>
          Profile
        </Menu.Item>
        {others.length > 0 && <Menu.Label>Act for another account</Menu.Label>}
        {others.map(other => (
          <Menu.Item key={other.id} onClick={() => change.mutate(other.id)}>
            {other.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<ExitIcon />} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
