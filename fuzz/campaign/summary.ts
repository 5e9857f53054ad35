/**
 * What a campaign came to: the last lines on the screen, and `SUMMARY.md` for a person in the morning.
 */
import pc from 'picocolors';
import { formatDuration } from '../base/duration';
import { quoteWord } from '../base/shell-words';
import { describeReach } from '../coverage/reach';
import { domainsNamed } from '../domains';
import type { FindingFacts } from '../findings/finding';
import { type Group, groupsText } from '../findings/groups';
import { findingSentence } from '../findings/texts';
import { comparedLines } from '../referee/compared';
import { remarkText } from '../referee/target-remarks';
import type { CampaignResult } from './coordinator';
import { describeUnseen } from './estimate';
import { domainsOf } from './sequences';
import type { CampaignFolder, CampaignSettings } from './settings';
import { operationStatistics, short } from './status';

function findingLines(result: CampaignResult): string[] {
  const line = (name: string, state: string): string => {
    const facts = result.findings.facts.get(name);
    if (facts === undefined) return `- ${state}: \`findings/${name}\``;
    const slug = name.replace(/-[0-9a-f]{8}$/, '');
    const times = result.records.seen.get(slug)?.size ?? 1;
    const length = facts.minimalLength ?? facts.originalLength;
    const form = facts.minimized === 'yes' ? 'minimal' : facts.minimalLength === null ? 'not minimized' : 'shortened';
    const size = `${length} ${length === 1 ? 'operation' : 'operations'} (${form})`;
    const seen = `of its kind seen ${times === 1 ? 'once' : `${times} times`}`;
    return `- ${state}: ${findingSentence(facts)}. ${size}, ${seen}: \`findings/${name}\``;
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

/** Each run of the campaign: when it began, when and why it ended. */
function historyLines({ records, reason }: CampaignResult): string[] {
  return records.history.map(({ began, ended }, i) => {
    const isLast = i === records.history.length - 1;
    const end = ended === null ? (isLast ? `ended: ${reason}` : 'was killed') : `ended ${ended.at}: ${ended.reason}`;
    return `- ${i === 0 ? 'began' : 'resumed'} ${began}, ${end}`;
  });
}

/** What was asked: domains, targets, and the flags of its last run. */
function askedLines(settings: CampaignSettings): string[] {
  const flags = Object.entries(settings.run ?? {}).map(([name, word]) => {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return `--${flag} ${quoteWord(word)}`;
  });
  if (settings.only !== null) flags.push(`--only ${settings.only.join(',')}`);
  if (!settings.feedback) flags.push('--no-feedback');
  return [
    `- domains: ${domainsOf(settings).join(' and ')}`,
    `- targets: ${settings.targets.join(', ')}`,
    `- flags: ${flags.length === 0 ? 'none' : `\`${flags.join(' ')}\``}`,
  ];
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
    `It ran ${formatDuration(view.ranMs)} with ${view.workers} ${view.workers === 1 ? 'worker' : 'workers'} ` +
      `and ended because ${result.reason}.`,
    `Seed \`${settings.seed}\`, maple-fuzz ${settings.version}${commit}, Node ${settings.node}.`,
    '',
    `${short(view.sequences)} sequences, ${short(view.steps)} steps, each checked. ${unseen}`,
    '',
    ...historyLines(result),
    ...askedLines(settings),
    ...comparedLines(totals.compared).map((line) => `- ${line}`),
    '',
    '## Findings',
    '',
    ...(records.folded === 0 ? [] : [`${records.folded} more turned out to be the same as one of these.`, '']),
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
    `${view.features} features were reached. ${reach.cellsText}`,
    '',
    '## Operations',
    '',
    '```',
    operationStatistics(view.operations),
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
  for (const line of comparedLines(result.totals.compared)) lines.push(`compared  ${line.replace(/^compared /, '')}`);
  lines.push(`summary   ${folder.summaryFile}`);
  if (result.wasOver) lines.push(`limit     it was reached before: ${result.reason}; the next line goes beyond it`);
  const more = result.flagToGoOn === '' ? '' : ` ${result.flagToGoOn}`;
  lines.push(`go on     npx maple-fuzz fuzz --resume ${quoteWord(folder.folder)}${more}`);
  return lines;
}
