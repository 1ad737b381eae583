import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { answer, api } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { setupQuery } from '../api/queries.ts';
import { ButtonLink } from '../components/Links.tsx';
import { checkPassword, NewPassword } from '../components/NewPassword.tsx';
import { Page } from '../components/Page.tsx';
import { Empty, ErrorNotice, Loading } from '../components/States.tsx';
import { forgetSession } from '../session.ts';

export default function Setup() {
  const setup = useQuery(setupQuery);
  if (setup.isPending) return <Loading />;
  if (setup.error) return <ErrorNotice error={setup.error} retry={() => void setup.refetch()} />;
  return setup.data.needed ? <CreateOwner /> : <AlreadyOwned />;
}

function CreateOwner() {
  const navigate = useNavigate();
  const form = useForm({
    mode: 'controlled',
    validateInputOnBlur: true,
    initialValues: { accountName: '', name: '', email: '', password: '' },
    validate: { password: checkPassword },
  });
  const create = useMutation({
    mutationFn: (body: typeof form.values) => answer(api.POST('/api/v1/setup', { body })),
    onSuccess: () => {
      forgetSession();
      return navigate({ to: '/workspaces' });
    },
    onError: error => form.setErrors(asProblem(error).fields),
  });
  return (
    <Page
      title="Welcome to Octopods"
      intro="Nobody can sign in here yet. You are the first, so this account becomes the owner; you invite others later."
    >
      <form onSubmit={form.onSubmit(values => create.mutate(values))}>
        <Stack>
          <TextInput
            label="Company"
            description="What your team’s account is called."
            autoComplete="organization"
            required
            {...form.getInputProps('accountName')}
          />
          <TextInput label="Your name" autoComplete="name" required {...form.getInputProps('name')} />
          <TextInput
            label="E-mail"
            description="You sign in with it."
            type="email"
            autoComplete="username"
            required
            {...form.getInputProps('email')}
          />
          <NewPassword {...form.getInputProps('password')} />
          {create.error && <ErrorNotice error={create.error} />}
          <Button type="submit" loading={create.isPending}>
            Create the owner
          </Button>
        </Stack>
      </form>
    </Page>
  );
}

function AlreadyOwned() {
  return (
    <Page title="Set up already">
      <Empty title="This installation has its owner" action={<ButtonLink to="/sign-in">Sign in</ButtonLink>}>
        Sign in, or ask the owner for an invitation.
      </Empty>
    </Page>
  );
}
