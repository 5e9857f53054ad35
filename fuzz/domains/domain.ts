/**
 * All that the fuzzer needs to know of a kind of content. A folder beside this file implements it for each; no file outside
 * of these folders compares a domain's name.
 */
import type { DomainFormat } from '../format/domain';
import type { RefereeFacts } from './referee';

export interface Domain extends DomainFormat {
  readonly referee: RefereeFacts;
}
