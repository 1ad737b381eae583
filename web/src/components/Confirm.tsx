import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ErrorNotice } from './States.tsx';

interface Confirmation {
  opened: boolean;
  onClose(): void;
  title: string;
  children: ReactNode;
  /** On the button. */
  action: string;
  onConfirm(): void;
  pending: boolean;
  error: unknown;
  /** Has to be typed first. */
  name?: string;
}

/** Asks before something goes that is not easily brought back. */
export function Confirm(props: Confirmation) {
  const [typed, setTyped] = useState('');
  const ready = props.name === undefined || typed === props.name;
  const close = () => {
    setTyped('');
    props.onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) props.onConfirm();
  };
  return (
    <Modal opened={props.opened} onClose={close} title={<Text fw={650}>{props.title}</Text>}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {props.children}
          {props.name !== undefined && (
            <TextInput
              label={
                <>
                  Type <span className="code">{props.name}</span> to confirm
                </>
              }
              value={typed}
              onChange={event => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          )}
          {props.error ? <ErrorNotice error={props.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" color="red.8" disabled={!ready} loading={props.pending}>
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
