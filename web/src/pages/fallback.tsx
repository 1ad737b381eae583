import { Container } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ButtonLink } from '../components/Links.tsx';
import { BackLink, Page } from '../components/Page.tsx';
import { Empty, ErrorNotice } from '../components/States.tsx';

export function NotFound() {
  return (
    <Container size="sm" py="xl" component="main">
      <Page title="There is no such page">
        <Empty title="Nothing is at this address" action={<ButtonLink to="/workspaces">To the workspaces</ButtonLink>}>
          The link may be old or mistyped. <BackLink />, or start from your workspaces.
        </Empty>
      </Page>
    </Container>
  );
}

/** A page that could not be shown at all. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Container size="sm" py="xl">
      <ErrorNotice error={error} retry={retry} />
    </Container>
  );
}
