/**
 * What the generator sees of the present state: the oracle's content, read in place. A domain's drawers see more of it.
 *
 * Arguments are drawn from it ("edge k of the content plus or minus d", "gap k", "the cursor's index") and resolved
 * when the operation runs; what is saved is the resolved number, so that a saved sequence stands alone.
 * Everything here is a plain read without allocation, for it runs several times a step.
 */
export interface ContentView {
  /** How many entries or mappings there are. */
  count(): number;
}
