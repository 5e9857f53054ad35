/**
 * The implementations in this process, as subjects: src, the optimized one, and oracle, the naive one.
 */
import { domainOf } from '../domains';
import type { Domain, SubjectName } from '../domains/domain';
import type { Subject } from '../format/subject';
import type { Header } from '../format/types';

export type InProcessName = SubjectName;

const IN_PROCESS: readonly InProcessName[] = ['src', 'oracle'];

export function isInProcess(name: string): name is InProcessName {
  return (IN_PROCESS as readonly string[]).includes(name);
}

/** A subject with its header and its domain, so that the rows of the table can be applied to it. */
export interface Instance {
  readonly domain: Domain;
  readonly header: Header;
  readonly subject: Subject;
}

/** An empty tree, window, … as the header wants it. */
export function makeInstance(name: InProcessName, header: Header): Instance {
  const domain = domainOf(header);
  return { domain, header, subject: domain.subjects[name](header) };
}
