import { ActionIcon, Badge, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { TrashIcon } from '@radix-ui/react-icons';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, type Schemas } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { invitationsQuery, membersQuery, queryClient } from '../api/queries.ts';
import { Confirm } from '../components/Confirm.tsx';
import { Copyable } from '../components/CopyButton.tsx';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { List } from '../components/List.tsx';
import { Page } from '../components/Page.tsx';
import { ErrorNotice } from '../components/States.tsx';
import { When } from '../components/When.tsx';
import { sentence } from '../lib/words.ts';
import { useIsAdmin, useMe } from '../session.ts';

type Member = Schemas['Member'];
type Invitation = Schemas['Invitation'];

const roles = [
  { value: 'admin', label: 'Admin' },
  { value: 'member', label: 'Member' },
];

const roleColors: Record<Member['role'], string> = { owner: 'violet', admin: 'teal', member: 'gray' };

export default function Team() {
  const isAdmin = useIsAdmin();
  return (
    <Page
      title="Team"
      intro="Admins connect and change things; members look, follow messages and send failed ones again."
    >
      <Stack gap="xl">
        <Members isAdmin={isAdmin} />
        {isAdmin && <Invite />}
        {isAdmin && <Invitations />}
      </Stack>
    </Page>
  );
}

function Members({ isAdmin }: { isAdmin: boolean }) {
  const query = useInfiniteQuery(membersQuery);
  const me = useMe();
  const columns: Column<Member>[] = [
    {
      id: 'name',
      label: 'Name',
      cell: member => (
        <>
          <Text fw={600}>
            {member.name} {member.userId === me.user?.id && <span className="quiet">(you)</span>}
          </Text>
          <div className="quiet">{member.email}</div>
        </>
      ),
    },
    {
      id: 'role',
      label: 'Role',
      cell: member =>
        isAdmin && member.role !== 'owner' && member.userId !== me.user?.id ? (
          <RoleSelect member={member} />
        ) : (
          <Badge variant="light" color={roleColors[member.role]}>
            {member.role}
          </Badge>
        ),
    },
    { id: 'second', label: 'Two-factor', cell: member => (member.twoFactorEnabled ? 'On' : 'Off') },
    { id: 'joined', label: 'Joined', cell: member => <When at={member.joinedAt} /> },
    ...(isAdmin
      ? [
          {
            id: 'remove',
            label: '',
            cell: (member: Member) =>
              member.role !== 'owner' && member.userId !== me.user?.id && <RemoveMember member={member} />,
          },
        ]
      : []),
  ];
  return (
    <List query={query} empty={null}>
      {members => <DataTable label="Members" columns={columns} rows={members} />}
    </List>
  );
}

const refreshMembers = () => queryClient.invalidateQueries({ queryKey: ['members'] });

function RoleSelect({ member }: { member: Member }) {
  const [wanted, setWanted] = useState<'admin' | 'member'>();
  const change = useMutation({
    mutationFn: (role: 'admin' | 'member') =>
      answer(api.PATCH('/api/v1/team/members/{id}', { params: { path: { id: member.id } }, body: { role } })),
    onSuccess: () => {
      setWanted(undefined);
      return refreshMembers();
    },
  });
  return (
    <>
      <Select
        aria-label={`Role of ${member.name}`}
        data={roles}
        value={member.role}
        allowDeselect={false}
        onChange={role => (role === 'admin' || role === 'member') && role !== member.role && setWanted(role)}
        w={120}
        size="xs"
      />
      <Confirm
        opened={wanted !== undefined}
        onClose={() => setWanted(undefined)}
        title={`Make ${member.name} ${wanted === 'admin' ? 'an admin' : 'a member'}?`}
        action="Change the role"
        onConfirm={() => wanted && change.mutate(wanted)}
        pending={change.isPending}
        error={change.error}
      >
        <Text size="sm">
          {wanted === 'admin'
            ? 'Admins connect and remove channels, invite people and make API keys.'
            : 'Members see everything but change nothing, apart from sending failed messages again.'}
        </Text>
      </Confirm>
    </>
  );
}

function RemoveMember({ member }: { member: Member }) {
  const [opened, setOpened] = useState(false);
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/team/members/{id}', { params: { path: { id: member.id } } })),
    onSuccess: () => {
      setOpened(false);
      return refreshMembers();
    },
  });
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${member.name}`} onClick={() => setOpened(true)}>
        <TrashIcon />
      </ActionIcon>
      <Confirm
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Remove ${member.name}?`}
        action="Remove"
        onConfirm={() => remove.mutate()}
        pending={remove.isPending}
        error={remove.error}
      >
        <Text size="sm">
          {member.email} loses access to this account at once. What they did stays in the audit log.
        </Text>
      </Confirm>
    </>
  );
}

function Invite() {
  const form = useForm<{ email: string; role: 'admin' | 'member' }>({ initialValues: { email: '', role: 'member' } });
  const invite = useMutation({
    mutationFn: (body: typeof form.values) => answer(api.POST('/api/v1/team/invitations', { body })),
    onSuccess: () => {
      form.reset();
      notifications.show({ message: 'Invited. Hand the link below to the person.' });
      return queryClient.invalidateQueries({ queryKey: ['invitations'] });
    },
    onError: error => form.setErrors(asProblem(error).fields),
  });
  return (
    <section className="card" aria-label="Invite">
      <Title order={2} mb="sm">
        Invite somebody
      </Title>
      <form onSubmit={form.onSubmit(values => invite.mutate(values))}>
        <Group align="flex-start" gap="sm">
          <TextInput
            label="E-mail"
            description="An address of your company."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            type="email"
            required
            style={{ flex: '1 1 14rem' }}
            {...form.getInputProps('email')}
          />
          <Select label="Role" data={roles} allowDeselect={false} w={130} {...form.getInputProps('role')} />
          <Button type="submit" loading={invite.isPending} mt={25}>
            Invite
          </Button>
        </Group>
        {invite.error && <ErrorNotice error={invite.error} />}
      </form>
    </section>
  );
}

function Invitations() {
  const query = useInfiniteQuery(invitationsQuery);
  return (
    <section aria-label="Open invitations">
      <Title order={2} mb="sm">
        Open invitations
      </Title>
      <List query={query} empty={<Text c="dimmed">None is open.</Text>}>
        {invitations => <DataTable label="Open invitations" columns={invitationColumns} rows={invitations} />}
      </List>
    </section>
  );
}

const invitationColumns: Column<Invitation>[] = [
  { id: 'email', label: 'E-mail', cell: ({ email }) => email },
  { id: 'role', label: 'Role', cell: ({ role }) => sentence(role) },
  {
    id: 'link',
    label: 'Link',
    cell: ({ id }) => <Copyable value={`${window.location.origin}/invitations/${id}`} what="invitation link" />,
  },
  { id: 'ends', label: 'Ends', cell: ({ expiresAt }) => <When at={expiresAt} /> },
  { id: 'cancel', label: '', cell: invitation => <CancelInvitation invitation={invitation} /> },
];

function CancelInvitation({ invitation }: { invitation: Invitation }) {
  const cancel = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/team/invitations/{id}', { params: { path: { id: invitation.id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['invitations'] }),
    onError: error => notifications.show({ color: 'red', message: asProblem(error).message }),
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={cancel.isPending}
      onClick={() => cancel.mutate()}
      aria-label={`Cancel the invitation of ${invitation.email}`}
    >
      Cancel
    </Button>
  );
}
