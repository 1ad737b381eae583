/** One change to a JSON value: `where` picks a place in it, whatever its size. */
export interface Edit {
  where: number;
  how:
    | { replace: unknown }
    /** A further field; beside a list, a further item. */
    | { key: string; add: unknown }
    | 'remove'
    /** The value becomes a list that holds it. */
    | 'wrap'
    /** The value becomes a list that holds it so many times. */
    | { times: number };
}

interface Place {
  holder: Record<string, unknown>;
  key: string;
}

/** A changed copy; what goes into it is copied too, since one value may go into several places. */
export function edited(value: unknown, edits: readonly Edit[]): unknown {
  const root = { value: structuredClone(value) };
  for (const { where, how } of edits.map(edit => structuredClone(edit))) {
    const places = placesIn(root);
    const place = places[where % Math.max(places.length, 1)];
    if (place) apply(place, how);
  }
  return root.value;
}

function apply({ holder, key }: Place, how: Edit['how']): void {
  const current = holder[key];
  if (how === 'wrap') holder[key] = [current];
  else if (how === 'remove') {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  } else if ('replace' in how) holder[key] = how.replace;
  else if ('times' in how) holder[key] = Array.from({ length: how.times }, () => structuredClone(current));
  else if (Array.isArray(current)) current.push(how.add);
  // An own field, also under a name such as __proto__.
  else if (isHolder(current))
    Object.defineProperty(current, how.key, { value: how.add, enumerable: true, writable: true, configurable: true });
}

function placesIn(holder: Record<string, unknown>): Place[] {
  return Object.entries(holder).flatMap(([key, value]) => [
    { holder, key },
    ...(isHolder(value) ? placesIn(value) : []),
  ]);
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}
