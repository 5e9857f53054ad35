/**
 * All that the fuzzer needs to know of a kind of content. A folder beside this file implements it for each; no file
 * outside of these folders compares a domain's name.
 */
import type { DomainFormat } from '../format/domain';
import type { Subject } from '../format/subject';
import type { Header } from '../format/types';

/** The implementations in this process: the optimized one, and the naive one. */
export type SubjectName = 'src' | 'oracle';

export interface Domain extends DomainFormat {
  /** Makes an empty implementation as the header wants it. */
  readonly subjects: Readonly<Record<SubjectName, (header: Header) => Subject>>;
}
