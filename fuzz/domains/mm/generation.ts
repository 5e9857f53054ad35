/**
 * How sequences of the domain mm are drawn.
 */
import type { Generation } from '../../generate/generation';
import { MmDrawer } from './drawer';
import { drawMmProfile } from './profile';

export const mmGeneration: Generation = {
  drawProfile: drawMmProfile,
  createDrawer: (stream) => new MmDrawer(stream),
};
