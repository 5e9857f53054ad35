/**
 * What targets outside of this process allow to generate: only what a kernel's callers may do, and nothing that one lacks.
 */

import { domainOf } from '../domains';
import type { DomainName } from '../format/types';
import { type GenerateOptions, isAllowed } from '../generate/weights';
import { TargetStartError } from '../targets/process/failure';
import type { Judging } from './judging';

/**
 * The generator's options for these targets; starts them.
 * @throws TargetStartError if one cannot start, or if they leave nothing to generate.
 */
export function generationFor(
  judging: Judging,
  domains: readonly DomainName[],
  asked: GenerateOptions,
): GenerateOptions {
  if (!judging.outside) return asked;
  for (const domain of domains) {
    const complaint = nothingLeft(judging.lackingBy(domain), domain, asked);
    if (complaint !== null) throw new TargetStartError(complaint);
  }
  const lacking = domains.flatMap((domain) => judging.lacking(domain));
  return { ...asked, strict: true, without: [...(asked.without ?? []), ...lacking] };
}

/** Why no operation is left, or null if one is. */
function nothingLeft(
  lackingBy: ReadonlyMap<string, readonly string[]>,
  domain: DomainName,
  asked: GenerateOptions,
): string | null {
  const possible = domainOf({ domain })
    .operations.filter(({ op, inKernel }) => op !== 'dump' && inKernel && isAllowed(asked, op))
    .map(({ op }) => op);
  if (possible.length === 0)
    return 'targets outside are not asked for extensions, and nothing else is left to generate';
  const which = asked.only || asked.without ? 'that --only and --without leave' : `of the domain ${domain}`;
  for (const [name, lacking] of lackingBy) {
    if (possible.every((op) => lacking.includes(op)))
      return `cannot use the target ${name}: its "ops", in the answer to a header, name no operation ${which}`;
  }
  const lacking = [...lackingBy.values()].flat();
  if (!possible.every((op) => lacking.includes(op))) return null;
  return `cannot use these targets: they have no operation ${which} in common`;
}
