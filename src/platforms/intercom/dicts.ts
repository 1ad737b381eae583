import { type Dict, dict, list } from '../../kit/read.ts';

/** The objects of an array; whatever else stands in it is left out. Empty for anything but an array. */
export function dicts(value: unknown): Dict[] {
  return list(value)
    .map(dict)
    .filter(entry => entry !== undefined);
}
