/**
 * The list of domains. A new one is a folder here and a line in this list.
 */
import type { Domain } from './domain';
import { mm } from './mm';
import { tree } from './tree';

const DOMAINS = new Map<string, Domain>([tree, mm].map((domain) => [domain.name, domain]));

/** All domains, in the order in which sequences take turns. */
export function allDomains(): readonly Domain[] {
  return [...DOMAINS.values()];
}

/** The domain of a header. @throws TypeError for a name that the list does not have: the parser lets none pass. */
export function domainOf({ domain: name }: { readonly domain: string }): Domain {
  const domain = DOMAINS.get(name);
  if (domain === undefined) throw new TypeError(`no domain is named ${name}`);
  return domain;
}

/** The domain with this name, undefined if there is none. */
export function domainNamed(name: string): Domain | undefined {
  return DOMAINS.get(name);
}

/** The domains with these names. @throws TypeError for a name that the list does not have. */
export function domainsNamed(names: readonly string[]): Domain[] {
  return names.map((name) => domainOf({ domain: name }));
}

/** Makes one more domain known, for as long as the process lives. */
export function addDomain(domain: Domain): void {
  DOMAINS.set(domain.name, domain);
}
