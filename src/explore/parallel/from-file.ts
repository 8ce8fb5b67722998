import type { Assignment, Composition, Model } from '../model.ts';

/** What a worker is given to make a composition of a model's file: its URL, and the variant's options. */
export interface FileAndOption {
  readonly url: string;
  readonly option: Assignment;
}

export async function compositionOf({ url, option }: FileAndOption): Promise<Composition> {
  const { default: model } = (await import(url)) as { readonly default: Model };
  return model.build(option);
}
