import { printable } from './printable';

it.each([
  ['plain: é 漢 😀\n\ttoo', 'plain: é 漢 😀\n\ttoo'],
  ['\x1b[2J', '\\x1b[2J'],
  ['a\rb\x00\x07\x7f\x9b', 'a\\x0db\\x00\\x07\\x7f\\x9b'],
  ['\ufeff{', '\\u{feff}{'],
  ['\u202egnp.exe', '\\u{202e}gnp.exe'],
  ['\ufffd\ufffd', '\\u{fffd}\\u{fffd}'],
])('%j is shown as %s', (text, shown) => expect(printable(text)).toBe(shown));
