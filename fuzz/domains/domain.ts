/**
 * All that the fuzzer needs to know of a kind of content. A folder beside this file implements it for each; no file
 * outside of these folders compares a domain's name.
 *
 * Each part stands where it is used (`fuzz/generate`, `fuzz/minimize`, `fuzz/lockstep`); what is used on higher floors
 * alone stands here.
 */
import type { DomainFormat } from '../format/domain';
import type { Subject } from '../format/subject';
import type { Header, Operation } from '../format/types';
import type { GeneratedDomain } from '../generate/generation';
import type { Comparison, Invariant } from '../lockstep/types';
import type { MinimizableDomain } from '../minimize/minimizing';
import type { RefereeFacts } from './referee';

/**
 * What a sequence can reach in src, beside operations and kinds of answers: src records it as numbers, in debug mode.
 */
export interface Coverage {
  /** The name of an event; null for one that is another domain's. */
  eventName(event: number): string | null;
  /** The cells that an event belongs to, from the list of all. */
  cellsOf(event: number): readonly string[];
  readonly cells: readonly string[];
  /** Cells that every longer run has to reach. */
  readonly mustReach: readonly string[];
}

/** One range of a content, or what is free between two. Both ends are inclusive, in the domain's own numbers. */
export interface Cell {
  readonly first: number;
  readonly last: number;
  /** How its first number is written. */
  readonly label: string;
  /** What is there. */
  readonly text: string;
  /** Whether the operation is about it. */
  readonly marked: boolean;
}

/** A content as it can be drawn, in lines of text or otherwise. */
export interface ContentPicture {
  readonly cells: readonly Cell[];
  /** What is written behind the last cell. */
  readonly end: string;
}

/** The implementations in this process: the optimized one, and the naive one. */
export type SubjectName = 'src' | 'oracle';

export interface PictureMaker {
  /** The content of a subject (src's or the oracle's), with that marked which `operation` is about. */
  draw(subject: Subject, header: Header, operation: Operation | undefined): ContentPicture;
  /** What else a reader must know of the state: short pieces, as many on a line as fit. `before` led to it. */
  remarks?(subject: Subject, before: readonly Operation[]): readonly string[];
}

export interface Domain extends DomainFormat, GeneratedDomain, MinimizableDomain {
  /** Makes an empty implementation as the header wants it. */
  readonly subjects: Readonly<Record<SubjectName, (header: Header) => Subject>>;
  readonly comparison: Comparison;
  /** In the order in which they are asked after a step. */
  readonly invariants: readonly Invariant[];
  readonly coverage: Coverage;
  readonly picture: PictureMaker;
  readonly referee: RefereeFacts;
}
