/**
 * What a campaign came to: the last lines on the screen, and `SUMMARY.md` for a person in the morning.
 */
import pc from 'picocolors';
import { formatDuration } from '../base/duration';
import { describeReach } from '../coverage/reach';
import { noteText } from '../referee/target-remarks';
import type { Outcome } from './coordinator';
import { describeUnseen } from './estimate';
import type { CampaignFolder, CampaignSettings } from './settings';
import { operationTable, short } from './status';

function findingLines(outcome: Outcome): string[] {
  const line = (name: string, state: string): string => {
    const facts = outcome.findings.facts.get(name)!;
    const slug = name.replace(/-[0-9a-f]{8}$/, '');
    const times = outcome.books.seen.get(slug)?.size ?? 1;
    const length = facts.minimalLength ?? facts.originalLength;
    const form = facts.minimized === 'yes' ? 'minimal' : facts.minimalLength === null ? 'not minimized' : 'shortened';
    return `- ${state}: \`findings/${name}\`: ${facts.rule} at ${facts.operation}, ${length} operations (${form}), of its kind seen ${times} times`;
  };
  return [
    ...outcome.findings.fresh.map((name) => line(name, 'new')),
    ...outcome.findings.known.map((name) => line(name, 'known')),
  ];
}

/** What targets outside lacked, and which of their differences are declared. */
function noteLines({ totals }: Outcome): string[] {
  if (totals.notes.size === 0) return [];
  const lines = [...totals.notes].map(([text, count]) => `- ${count} times: ${text}`);
  return ['## Targets outside', '', ...lines, ''];
}

/** `SUMMARY.md`. */
export function summaryText(settings: CampaignSettings, outcome: Outcome): string {
  const { view, totals, books } = outcome;
  const findings = findingLines(outcome);
  const reach = describeReach([...totals.features.keys()], settings.domain);
  const [once, twice] = totals.onceAndTwice();
  return `${[
    '# What the campaign came to',
    '',
    `It ran ${formatDuration(view.ranMs)} with ${view.workers} workers and ended because ${outcome.reason}.`,
    `Seed \`${settings.seed}\`, maple-fuzz ${settings.version}${settings.commit === null ? '' : ` (${settings.commit})`}, Node ${settings.node}.`,
    '',
    `${short(view.sequences)} sequences, ${short(view.steps)} steps, each checked. ${describeUnseen(view.sequences, once, twice)}`,
    '',
    '## Findings',
    '',
    ...(findings.length === 0 ? ['None.'] : findings),
    '',
    ...(books.deaths.length === 0
      ? []
      : ['## Workers that died', '', ...books.deaths.slice(0, 20).map((d) => `- ${d}`), '']),
    ...noteLines(outcome),
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

/** The last lines on a terminal. */
export function closingLines(folder: CampaignFolder, settings: CampaignSettings, outcome: Outcome): string[] {
  const { fresh, known } = outcome.findings;
  const lines = ['', `ended because ${outcome.reason}`, `seed      ${settings.seed}`];
  if (fresh.length === 0)
    lines.push(pc.green(`findings  none new${known.length > 0 ? `, ${known.length} known` : ''}`));
  else lines.push(pc.red(`findings  ${fresh.length} new, ${known.length} known`));
  for (const name of fresh.slice(0, 8)) lines.push(`          ${folder.findings}/${name}/README.txt`);
  if (fresh.length > 8) lines.push(`          and ${fresh.length - 8} more in ${folder.findings}`);
  for (const note of outcome.totals.notes) lines.push(`targets   ${noteText(note)}`);
  lines.push(`summary   ${folder.summaryFile}`, `go on     npx maple-fuzz fuzz --resume ${folder.folder}`);
  return lines;
}
