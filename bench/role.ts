import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a process can be asked to do: names and functions, whose arguments and results travel as JSON. */
export type Commands = Record<string, (...input: never[]) => unknown>;

/** A process of the bench, seen from the one that started it. */
export interface Role<C extends Commands> {
  pid: number;
  /** @throws with the other side's message, or when its process ends before it has answered. */
  ask<K extends keyof C & string>(name: K, ...input: Parameters<C[K]>): Promise<Awaited<ReturnType<C[K]>>>;
  stop(): Promise<void>;
}

interface Question {
  id: number;
  name: string;
  input: unknown[];
}

interface Answer {
  id: number;
  output?: unknown;
  error?: string;
}

/** Starts `bench/roles/<name>.ts` in a process of its own. */
export async function startRole<C extends Commands>(name: string, env: Record<string, string> = {}): Promise<Role<C>> {
  const child = fork(new URL(`./roles/${name}.ts`, import.meta.url), { env: { ...process.env, ...env } });
  const waiting = new Map<number, { resolve(output: unknown): void; reject(error: Error): void }>();
  child.on('message', (answer: Answer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) asker?.resolve(answer.output);
    else asker?.reject(new Error(`${name}: ${answer.error}`));
  });
  child.on('exit', code => {
    for (const asker of waiting.values()) asker.reject(new Error(`${name} ended with code ${code}.`));
  });
  // Before the database's own listener: whoever still talks to it would cry out.
  process.prependOnceListener('exit', () => child.kill('SIGKILL'));
  let asked = 0;
  const ask = (command: string, input: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      const question: Question = { id: ++asked, name: command, input };
      waiting.set(question.id, { resolve, reject });
      child.send(question);
    });
  await ask('ready', []);
  return {
    pid: child.pid ?? 0,
    ask: (command, ...input) => ask(command, input) as Promise<Awaited<ReturnType<C[typeof command]>>>,
    stop: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  const impatient = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(impatient);
}

/** The other end: answers questions until the starter lets go, then cleans up and ends. */
export function answerAsRole(commands: Commands, stop: () => Promise<void> | void): void {
  const answer = async ({ id, name, input }: Question): Promise<Answer> => {
    if (name === 'ready') return { id };
    const command = commands[name];
    if (!command) return { id, error: `There is no command “${name}”.` };
    try {
      return { id, output: await command(...(input as never[])) };
    } catch (error) {
      return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', (question: Question) => void answer(question).then(reply => process.send?.(reply)));
  process.on('disconnect', () => void Promise.resolve(stop()).then(() => process.exit()));
}
