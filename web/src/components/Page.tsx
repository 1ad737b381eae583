import { Anchor, Group, Text, Title } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';

/**
 * Where the focus was last taken to a title. The first page of a visit leaves the focus to the browser; every later one takes
 * it, once, so that a screen reader starts there.
 */
let announced: string | undefined;

export function Page(props: {
  title: string;
  intro?: ReactNode;
  /** Stands beside the title. */
  badge?: ReactNode;
  actions?: ReactNode;
  /** The way up, where there is one above. */
  above?: ReactNode;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(props.title);
  useEffect(() => {
    const { pathname } = window.location;
    if (announced !== undefined && announced !== pathname) heading.current?.focus();
    announced = pathname;
  }, []);
  return (
    <div className="page">
      {props.above && (
        <Text size="sm" mb={4} component="nav" aria-label="Breadcrumb">
          {props.above}
        </Text>
      )}
      <Group justify="space-between" align="flex-start" mb={props.intro ? 4 : 'lg'} gap="sm">
        <Group gap="sm">
          <Title order={1} ref={heading} tabIndex={-1} className="page-title">
            {props.title}
          </Title>
          {props.badge}
        </Group>
        {props.actions && <Group gap="xs">{props.actions}</Group>}
      </Group>
      {props.intro && (
        <Text c="dimmed" mb="lg" maw="44rem">
          {props.intro}
        </Text>
      )}
      {props.children}
    </div>
  );
}

function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Octopods`;
  }, [title]);
}

/** A way back for pages that stand for themselves. */
export function BackLink() {
  const router = useRouter();
  return (
    <Anchor component="button" type="button" onClick={() => router.history.back()}>
      Go back
    </Anchor>
  );
}
