import { Group, Text } from '@mantine/core';

export function Brand() {
  return (
    <Group gap={8} wrap="nowrap">
      <Logo />
      <Text fw={700} fz="lg" lh={1}>
        Octopods
      </Text>
    </Group>
  );
}

function Logo() {
  return (
    <svg
      viewBox="0 0 48 48"
      width="28"
      height="28"
      fill="none"
      stroke="var(--mantine-color-anchor)"
      strokeWidth="3.2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M12 26V18a12 12 0 0 1 24 0v8" />
      <path d="M12 26c0 6-2 8-7 9M19 28c0 7-2 12-7 14M24 28v14M29 28c0 7 2 12 7 14M36 26c0 6 2 8 7 9" />
      <circle cx="19.5" cy="19" r="1" fill="currentColor" />
      <circle cx="28.5" cy="19" r="1" fill="currentColor" />
    </svg>
  );
}
