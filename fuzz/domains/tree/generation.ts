/**
 * How sequences of the domain tree are drawn.
 */
import type { Generation } from '../../generate/generation';
import { TreeDrawer } from './drawer';
import { drawTreeProfile } from './profile';

export const treeGeneration: Generation = {
  drawProfile: drawTreeProfile,
  createDrawer: (stream) => new TreeDrawer(stream),
};
