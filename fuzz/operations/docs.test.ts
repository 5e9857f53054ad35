import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldTable, operationTable } from './docs';

const FORMAT = readFileSync(join(__dirname, '..', '..', 'docs', 'format.md'), 'utf8');

describe('docs/format.md', () => {
  it.each([
    ['tree operations', operationTable('tree')],
    ['mm operations', operationTable('mm')],
    ['fields', fieldTable()],
  ])('has the %s as the table has them', (_name, table) => {
    expect(FORMAT).toContain(`\n${table}\n`);
  });
});
