import type { Json } from '../../types.ts';
import type { Answer } from '../../vendor.ts';
import type { ApiCall } from './route.ts';

/** Items on a page, where the call does not say. */
const usualSize = 50;

/** One page of a list of the 2010 API, under its own name for the items. */
export function page({ path, query }: ApiCall, name: string, items: readonly Json[]): Answer {
  const { number, size, start, end, address } = cut(query, items);
  const uri = (page: number) => address(path, page);
  return {
    status: 200,
    body: {
      [name]: items.slice(start, end),
      page: number,
      page_size: size,
      start,
      end: Math.max(start, end - 1),
      uri: uri(number),
      first_page_uri: uri(0),
      previous_page_uri: number > 0 ? uri(number - 1) : null,
      next_page_uri: end < items.length ? uri(number + 1) : null,
    },
  };
}

/** One page of a list of the newer APIs, which give whole addresses. */
export function metaPage({ path, query }: ApiCall, host: string, key: string, items: readonly Json[]): Answer {
  const { number, size, start, end, address } = cut(query, items);
  const url = (page: number) => `https://${host}${address(path, page)}`;
  return {
    status: 200,
    body: {
      [key]: items.slice(start, end),
      meta: {
        key,
        page: number,
        page_size: size,
        url: url(number),
        first_page_url: url(0),
        previous_page_url: number > 0 ? url(number - 1) : null,
        next_page_url: end < items.length ? url(number + 1) : null,
      },
    },
  };
}

function cut(query: Readonly<Record<string, string>>, items: readonly Json[]) {
  const number = Number(query.Page ?? 0);
  const size = Number(query.PageSize ?? usualSize);
  const start = number * size;
  return {
    number,
    size,
    start,
    end: Math.min(start + size, items.length),
    address(path: string, page: number): string {
      const { PageToken: _, ...filters } = query;
      const next = new URLSearchParams({ ...filters, PageSize: String(size), Page: String(page) });
      if (page > 0) next.set('PageToken', `PASM${page}`);
      return `${path}?${next}`;
    },
  };
}
