/**
 * What targets outside of this process allow to generate: what all of them can do, and of that only what a kernel's
 * callers may do.
 */

import { domainOf } from '../domains';
import type { DomainName } from '../format/types';
import { type GenerateOptions, isAllowed } from '../generate/weights';
import { TargetStartError } from '../targets/process/failure';
import type { TargetRuns } from './target-runs';

/**
 * The generator's options for these targets; starts them.
 * @throws TargetStartError if one cannot start, or if they leave nothing to generate.
 */
export function generationFor(
  runs: TargetRuns,
  domains: readonly DomainName[],
  asked: GenerateOptions,
): GenerateOptions {
  if (!runs.outside) return asked;
  for (const domain of domains) {
    const complaint = nothingLeft(runs.lackingBy(domain), domain, asked);
    if (complaint !== null) throw new TargetStartError(complaint);
  }
  const lacking = domains.flatMap((domain) => runs.lacking(domain));
  const all = domains.map((domain) => runs.capabilities(domain));
  const can = { headers: all.flatMap(({ headers }) => headers), files: all.flatMap(({ files }) => files) };
  return { ...asked, strict: true, can, without: [...(asked.without ?? []), ...lacking] };
}

/** Why no operation is left, or null if one is. */
function nothingLeft(
  lackingBy: ReadonlyMap<string, readonly string[]>,
  domain: DomainName,
  asked: GenerateOptions,
): string | null {
  const possible = domainOf({ domain })
    .operations.filter(({ op }) => op !== 'dump' && isAllowed(asked, op))
    .map(({ op }) => op);
  const which = asked.only || asked.without ? 'that --only and --without leave' : `of the domain ${domain}`;
  for (const [name, lacking] of lackingBy) {
    if (possible.every((op) => lacking.includes(op)))
      return `cannot use the target ${name}: its "ops", in the answer to a header, name no operation ${which}`;
  }
  const lacking = [...lackingBy.values()].flat();
  if (!possible.every((op) => lacking.includes(op))) return null;
  return `cannot use these targets: they have no operation ${which} in common`;
}
