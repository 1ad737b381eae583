import { z } from 'zod';

export const role = z.enum(['owner', 'admin', 'member']);

/** The roles that can be given: the owner stays who made the account. */
export const givenRole = z.enum(['admin', 'member']);
