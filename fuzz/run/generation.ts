/**
 * What targets outside of this process allow to generate: only what a kernel's callers may do, and nothing that one lacks.
 */
import type { GenerateOptions } from '../generate/weights';
import type { Judging } from '../lockstep/judging';
import type { Domain } from '../sequence/types';

/** The generator's options for these targets; starts them. @throws TargetStartError if one cannot start. */
export function generationFor(judging: Judging, domains: readonly Domain[], asked: GenerateOptions): GenerateOptions {
  if (!judging.outside) return asked;
  const lacking = domains.flatMap((domain) => judging.lacking(domain));
  return { ...asked, strict: true, without: [...(asked.without ?? []), ...lacking] };
}
