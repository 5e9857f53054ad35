import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES } from '../../oracle/mm/flags';
import { mm } from '../domains/mm';
import { tree } from '../domains/tree';
import { ADVICE, PAGE_ADVICE } from '../format/kinds';
import { answerTable, fieldTable, operationTable } from './docs';

const FORMAT = readFileSync(join(__dirname, '..', '..', 'docs', 'format.md'), 'utf8');

describe('docs/format.md', () => {
  it.each([
    ['tree operations', operationTable(tree)],
    ['mm operations', operationTable(mm)],
    ['tree answers', answerTable(tree)],
    ['mm answers', answerTable(mm)],
    ['fields', fieldTable()],
  ])('has the %s as the table has them', (_name, table) => {
    expect(FORMAT).toContain(`\n${table}\n`);
  });

  it('lists all advice, and the codes of a dump in their order', () => {
    for (const words of [ADVICE, PAGE_ADVICE]) expect(FORMAT.replace(/\n/g, ' ')).toContain(words.join(', '));
    expect(FORMAT).toContain(`\`${CODES.join(' ')}\``);
  });
});
