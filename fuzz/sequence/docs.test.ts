import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODES } from '../../oracle/mm/flags';
import { ANSWERS } from '../format/answer-words';
import { ADVICE, PAGE_ADVICE } from '../format/kinds';
import { operationNames } from '../format/table';
import { answerTable, fieldTable, operationTable } from './docs';

const FORMAT = readFileSync(join(__dirname, '..', '..', 'docs', 'format.md'), 'utf8');

describe('docs/format.md', () => {
  it.each([
    ['tree operations', operationTable('tree')],
    ['mm operations', operationTable('mm')],
    ['tree answers', answerTable('tree')],
    ['mm answers', answerTable('mm')],
    ['fields', fieldTable()],
  ])('has the %s as the table has them', (_name, table) => {
    expect(FORMAT).toContain(`\n${table}\n`);
  });

  it.each(['tree', 'mm'] as const)('says what each operation of the domain %s answers', (domain) => {
    const told = ANSWERS[domain].flatMap(([ops]) => ops.split(', '));
    expect([...told].sort()).toEqual([...operationNames(domain)].sort());
  });

  it('lists all advice, and the codes of a dump in their order', () => {
    for (const words of [ADVICE, PAGE_ADVICE]) expect(FORMAT.replace(/\n/g, ' ')).toContain(words.join(', '));
    expect(FORMAT).toContain(`\`${CODES.join(' ')}\``);
  });
});
