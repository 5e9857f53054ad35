/**
 * Whether two answers are the same, without building text: numbers, words, null, lists and records of them.
 */
export function sameRet(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return Array.isArray(a) ? Array.isArray(b) && sameList(a, b) : !Array.isArray(b) && sameRecord(a, b);
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameRet(a[i], b[i])) return false;
  return true;
}

/** As JSON has it: a field that is undefined is not there. */
function sameRecord(a: object, b: object): boolean {
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of Object.keys(right)) if (left[key] === undefined && right[key] !== undefined) return false;
  for (const key of Object.keys(left)) if (!sameRet(left[key], right[key])) return false;
  return true;
}
