/**
 * The header line: from parsed JSON to a `Header` and back. The fields of a domain are its own business.
 *
 * A wrong header is refused with the field named; unknown fields are ignored, as others may add their own.
 */
import { allDomains, domainNamed, domainOf } from '../domains';
import { complaint, type HeaderFields, present, type RawHeader, takeCommon } from '../format/header';
import { type DomainName, FORMAT, type Header } from '../format/types';

/** Whether a line is meant as a header: it starts a sequence, or is refused. */
export function isHeaderLine(raw: unknown): raw is RawHeader {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) && 'format' in raw;
}

/** The header, or the complaint why it is refused. */
export function parseHeader(raw: unknown): Header | string {
  if (!isHeaderLine(raw)) return `header: ${complaint('format', undefined, `"${FORMAT}"`)}`;
  if (raw.format !== FORMAT) return `header: ${complaint('format', raw.format, `"${FORMAT}"`)}`;
  const domain = domainNamed(raw.domain as string);
  if (domain === undefined) {
    const names = allDomains().map(({ name }) => `"${name}"`);
    return `header: ${complaint('domain', raw.domain, names.join(' or '))}`;
  }
  const header: HeaderFields = { format: FORMAT, domain: domain.name };
  const bad = domain.header.parse(raw, header) ?? takeCommon(raw, header);
  return bad === null ? (header as unknown as Header) : `header: ${bad}`;
}

/** A header's fields in the order of the format, defaults left out. */
export function spellHeader(header: Header): Record<string, unknown> {
  const { format, domain } = header;
  return { format, domain, ...domainOf(header).header.spell(header), ...present(header, ['slots', 'note', 'origin']) };
}

/** The smallest tree or window: for code that needs a sequence and not what is in it. */
export function smallestHeader(domain: DomainName): Header {
  return domainOf({ domain }).header.smallest;
}
