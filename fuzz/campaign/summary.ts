/**
 * What a campaign came to: the last lines on the screen, and `SUMMARY.md` for a person in the morning.
 */
import pc from 'picocolors';
import { formatDuration } from '../base/duration';
import { describeReach } from '../coverage/reach';
import { domainsNamed } from '../domains';
import type { FindingFacts } from '../findings/finding';
import { type Group, groupsText } from '../findings/groups';
import { remarkText } from '../referee/target-remarks';
import type { CampaignResult } from './coordinator';
import { describeUnseen } from './estimate';
import { domainsOf } from './sequences';
import type { CampaignFolder, CampaignSettings } from './settings';
import { operationTable, short } from './status';

function findingLines(result: CampaignResult): string[] {
  const line = (name: string, state: string): string => {
    const facts = result.findings.facts.get(name);
    if (facts === undefined) return `- ${state}: \`findings/${name}\``;
    const slug = name.replace(/-[0-9a-f]{8}$/, '');
    const times = result.records.seen.get(slug)?.size ?? 1;
    const length = facts.minimalLength ?? facts.originalLength;
    const form = facts.minimized === 'yes' ? 'minimal' : facts.minimalLength === null ? 'not minimized' : 'shortened';
    const what = `${facts.rule} at ${facts.operation}, ${length} operations (${form})`;
    return `- ${state}: \`findings/${name}\`: ${what}, of its kind seen ${times} times`;
  };
  /** The best of a group, then where else it shows. */
  const lines = ([best, ...others]: Group, state: string): string[] => [
    line(best.name, state),
    ...others.map(({ name, facts }) => `  - the same mistake, it seems: \`findings/${name}\` (${lengthText(facts)})`),
  ];
  return [
    ...result.findings.groups.flatMap((group) => lines(group, 'new')),
    ...result.findings.knownGroups.flatMap((group) => lines(group, 'known')),
  ];
}

function lengthText({ minimalLength, originalLength }: FindingFacts): string {
  return `${minimalLength ?? originalLength} operations`;
}

/** What targets outside lacked, and which of their differences are declared. */
function noteLines({ totals }: CampaignResult): string[] {
  if (totals.notes.size === 0) return [];
  const lines = [...totals.notes].map(([text, count]) => `- ${count} times: ${text}`);
  return ['## Targets outside', '', ...lines, ''];
}

/** `SUMMARY.md`. */
export function summaryText(settings: CampaignSettings, result: CampaignResult): string {
  const { view, totals, records } = result;
  const findings = findingLines(result);
  const reach = describeReach([...totals.features.keys()], domainsNamed(domainsOf(settings)));
  const unseen = describeUnseen(view.sequences, ...totals.onceAndTwice());
  const commit = settings.commit === null ? '' : ` (${settings.commit})`;
  return `${[
    '# What the campaign came to',
    '',
    `It ran ${formatDuration(view.ranMs)} with ${view.workers} workers and ended because ${result.reason}.`,
    `Seed \`${settings.seed}\`, maple-fuzz ${settings.version}${commit}, Node ${settings.node}.`,
    '',
    `${short(view.sequences)} sequences, ${short(view.steps)} steps, each checked. ${unseen}`,
    '',
    '## Findings',
    '',
    ...(findings.length === 0 ? ['None.'] : findings),
    '',
    ...(records.deaths.length === 0
      ? []
      : ['## Workers that died', '', ...records.deaths.slice(0, 20).map((d) => `- ${d}`), '']),
    ...noteLines(result),
    '## Must reach',
    '',
    reach.missing.length === 0
      ? `All ${reach.total} places that a campaign must reach were reached.`
      : `Missing ${reach.missing.length} of ${reach.total}:`,
    '',
    ...reach.missing.map((name) => `- ${name}`),
    '',
    '## Cells never reached',
    '',
    `${view.features} features were reached. ${reach.neverText}`,
    '',
    ...reach.never.map((line) => `- ${line}`),
    '',
    '## Operations',
    '',
    '```',
    operationTable(view.operations),
    '```',
    '',
  ].join('\n')}\n`;
}

/** Said where some findings seem to be the same mistake: each group counts as one. */
function alikeText(groups: readonly Group[]): string {
  return groups.every((group) => group.length === 1) ? '' : ` (${groupsText(groups)})`;
}

/** The last lines on a terminal. */
export function closingLines(folder: CampaignFolder, settings: CampaignSettings, result: CampaignResult): string[] {
  const { groups, knownGroups } = result.findings;
  const lines = ['', `ended because ${result.reason}`, `seed      ${settings.seed}`];
  if (groups.length === 0)
    lines.push(pc.green(`findings  none new${knownGroups.length > 0 ? `, ${knownGroups.length} known` : ''}`));
  else lines.push(pc.red(`findings  ${groups.length} new, ${knownGroups.length} known${alikeText(groups)}`));
  for (const [{ name }, ...others] of groups.slice(0, 8)) {
    const more = others.length === 0 ? '' : `, and ${others.length} like it`;
    lines.push(`          ${folder.findings}/${name}/README.txt${more}`);
  }
  if (groups.length > 8) lines.push(`          and ${groups.length - 8} more in ${folder.findings}`);
  for (const note of result.totals.notes) lines.push(`targets   ${remarkText(note)}`);
  lines.push(`summary   ${folder.summaryFile}`, `go on     npx maple-fuzz fuzz --resume ${folder.folder}`);
  return lines;
}
