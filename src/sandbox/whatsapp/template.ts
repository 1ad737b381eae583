import { GraphError } from './errors.ts';

/** An approved message template. */
export class Template {
  readonly name: string;
  readonly language: string;
  readonly quickReplies: readonly string[];
  readonly #body: string;

  constructor(about: { name: string; language: string; body: string; quickReplies?: string[] }) {
    this.name = about.name;
    this.language = about.language;
    this.quickReplies = about.quickReplies ?? [];
    this.#body = about.body;
  }

  /**
   * The body with its variables filled in: positional ones in order, named ones by name.
   * @throws GraphError 132000 where the number of parameters is another.
   */
  fill(parameters: readonly { name?: string; text: string }[]): string {
    const variables = new Set([...this.#body.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ''));
    if (variables.size !== parameters.length) {
      throw new GraphError(400, 132000, '(#132000) Number of parameters does not match the expected number of params', {
        details: `body: number of localizable_params (${parameters.length}) does not match the expected number of params (${variables.size})`,
      });
    }
    return this.#body.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
      const found = parameters.find(parameter => parameter.name === name) ?? parameters[Number(name) - 1];
      return found?.text ?? whole;
    });
  }
}
