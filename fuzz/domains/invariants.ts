/**
 * All invariants of the domains that the program brings along.
 */
import { allDomains } from '.';

export const INVARIANTS = allDomains().flatMap(({ invariants }) => invariants);
