import {
  Anchor,
  Button,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { type ReactNode, useEffect } from 'react';
import type { Schemas } from '../api/client.ts';
import { asProblem } from '../api/problem.ts';
import { type ConfigField, type ConfigValues, checkField, fieldsOf, toConfig } from '../lib/config-schema.ts';
import { Markdown } from './Markdown.tsx';
import { ErrorNotice } from './States.tsx';
import { UnsavedGuard } from './UnsavedGuard.tsx';

type Adapter = Pick<Schemas['ChannelAdapter'], 'config' | 'steps'>;

/** What is stored now: plain values, and for a secret only whether there is one. */
export type ShownConfig = Schemas['ChannelDetail']['config'];

/**
 * The set-up of a channel or workspace, drawn from its adapter: numbered steps, each with the field it yields. With
 * `current`, only what is changed is sent, and secrets left empty are kept. Whoever goes elsewhere after saving navigates
 * with `ignoreBlocker`; whoever stays gives the form a new key.
 */
export function ConfigForm(props: {
  adapter: Adapter;
  current?: ShownConfig;
  action: string;
  pending: boolean;
  error: unknown;
  onSubmit(config: Record<string, unknown>): void;
  children?: ReactNode;
}) {
  const { adapter, current, error } = props;
  const fields = fieldsOf(adapter.config);
  const form = useForm<ConfigValues>({
    initialValues: Object.fromEntries(fields.map(field => [field.name, initialOf(field, current)])),
    validateInputOnChange: true,
    validate: Object.fromEntries(
      fields.map(field => [field.name, (value: string | boolean) => checkField(field, value, isKept(field, current))]),
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form's methods are no reason to mark the fields again.
  useEffect(() => {
    if (error) form.setErrors(fieldErrors(error, fields));
  }, [error]);
  const input = (field: ConfigField) => (
    <Field key={field.name} field={field} kept={isKept(field, current)} {...form.getInputProps(field.name)} />
  );
  const stepped = new Set(adapter.steps.map(step => step.field));
  const rest = fields.filter(({ name }) => !stepped.has(name));
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(values => props.onSubmit(toConfig(fields, values, current)))}
      aria-label={props.action}
    >
      <UnsavedGuard dirty={form.isDirty()} />
      <Stack gap="lg">
        <ol className="steps">
          {adapter.steps.map(step => (
            <li key={step.title}>
              <Text fw={650}>{step.title}</Text>
              <Text size="sm" mb={6}>
                <Markdown text={step.text} />{' '}
                {step.link && (
                  <Anchor href={step.link} target="_blank" rel="noreferrer" size="sm">
                    Open <span className="quiet">{new URL(step.link).host}</span>
                  </Anchor>
                )}
              </Text>
              {fields.filter(({ name }) => name === step.field).map(input)}
            </li>
          ))}
        </ol>
        {rest.length > 0 && <Stack gap="sm">{rest.map(input)}</Stack>}
        {props.children}
        {error ? <ErrorNotice error={error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" loading={props.pending}>
            {props.action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function initialOf(field: ConfigField, current: ShownConfig | undefined): string | boolean {
  const stored = field.secret ? undefined : current?.[field.name];
  if (stored === undefined || stored === null) return field.initial;
  return field.kind === 'boolean' ? stored === true : String(stored);
}

function isKept(field: ConfigField, current: ShownConfig | undefined): boolean {
  const stored = current?.[field.name];
  return field.secret && stored !== null && typeof stored === 'object' && 'set' in stored && stored.set === true;
}

/** The server names fields as the request wrote them: `config.token`, or as the adapter does: `token`. */
function fieldErrors(error: unknown, fields: readonly ConfigField[]): Record<string, string> {
  const named = Object.entries(asProblem(error).fields).map(
    ([field, message]) => [field.replace(/^config\./, ''), message] as const,
  );
  return Object.fromEntries(named.filter(([field]) => fields.some(({ name }) => name === field)));
}

type InputProps = ReturnType<UseFormReturnType<ConfigValues>['getInputProps']>;

function Field({ field, kept, ...input }: { field: ConfigField; kept: boolean } & InputProps) {
  const common = {
    ...input,
    label: field.title,
    description: field.description,
    withAsterisk: field.required && !kept,
  };
  if (field.kind === 'boolean') {
    return <Switch {...input} checked={input.value === true} label={field.title} description={field.description} />;
  }
  if (field.kind === 'choice') return <Select {...common} data={field.choices} allowDeselect={!field.required} />;
  if (field.kind === 'number') return <NumberInput {...common} />;
  if (field.secret) {
    return (
      <PasswordInput
        {...common}
        autoComplete="off"
        placeholder={kept ? 'Kept unless you enter a new one' : undefined}
      />
    );
  }
  return <TextInput {...common} autoComplete="off" />;
}
