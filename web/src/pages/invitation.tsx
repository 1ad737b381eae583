import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { answer, api } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { invitationQuery } from '../api/queries.ts';
import { ButtonLink, TextLink } from '../components/Links.tsx';
import { checkPassword, NewPassword } from '../components/NewPassword.tsx';
import { Page } from '../components/Page.tsx';
import { ErrorNotice, Loading } from '../components/States.tsx';
import { When } from '../components/When.tsx';
import { forgetSession } from '../session.ts';

const route = getRouteApi('/outside/invitations/$invitationId');

export default function Invitation() {
  const { invitationId } = route.useParams();
  const invitation = useQuery(invitationQuery(invitationId));
  if (invitation.isPending) return <Loading />;
  if (invitation.error) {
    return (
      <Page title="Invitation">
        <Stack>
          <ErrorNotice error={invitation.error} />
          <Text size="sm">
            An invitation is valid for seven days and can be used once. Ask for a new one, or{' '}
            <TextLink to="/sign-in">sign in</TextLink>.
          </Text>
        </Stack>
      </Page>
    );
  }
  const { accountName, email, role, expiresAt, known } = invitation.data;
  return (
    <Page
      title={`Join ${accountName}`}
      intro={
        <>
          You are invited as {role === 'admin' ? 'an admin' : 'a member'} with the address <strong>{email}</strong>. The
          invitation ends <When at={expiresAt} />.
        </>
      }
    >
      {known ? <JoinKnown id={invitationId} /> : <JoinNew id={invitationId} email={email} />}
    </Page>
  );
}

function useAccept(id: string, onError?: (error: Error) => void) {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: { name?: string; password?: string }) =>
      answer(api.POST('/api/v1/invitations/{id}/accept', { params: { path: { id } }, body })),
    onSuccess: () => {
      forgetSession();
      return navigate({ to: '/workspaces' });
    },
    ...(onError ? { onError } : {}),
  });
}

function JoinNew({ id, email }: { id: string; email: string }) {
  const form = useForm({
    validateInputOnBlur: true,
    initialValues: { name: '', password: '' },
    validate: { password: checkPassword },
  });
  const accept = useAccept(id, error => form.setErrors(asProblem(error).fields));
  return (
    <form onSubmit={form.onSubmit(values => accept.mutate(values))}>
      <Stack>
        {/* For password managers, which otherwise do not know whose password it is. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <TextInput label="Your name" autoComplete="name" required {...form.getInputProps('name')} />
        <NewPassword {...form.getInputProps('password')} />
        {accept.error && <ErrorNotice error={accept.error} />}
        <Button type="submit" loading={accept.isPending}>
          Join
        </Button>
      </Stack>
    </form>
  );
}

function JoinKnown({ id }: { id: string }) {
  const accept = useAccept(id);
  const stranger = accept.error !== null && asProblem(accept.error).status === 401;
  return (
    <Stack>
      <Text size="sm">This address can sign in already, so there is nothing to fill in.</Text>
      {accept.error && !stranger && <ErrorNotice error={accept.error} />}
      {stranger && <Text size="sm">Sign in with the invited address first; you come back here.</Text>}
      {stranger ? (
        <ButtonLink to="/sign-in" search={{ next: `/invitations/${id}` }}>
          Sign in
        </ButtonLink>
      ) : (
        <Button onClick={() => accept.mutate({})} loading={accept.isPending}>
          Join
        </Button>
      )}
    </Stack>
  );
}
