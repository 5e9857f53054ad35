/**
 * A reader of the output that went away (`| head`) is no error: nothing more is printed, and the verb goes on to its
 * end, so that what it leaves on disk and its exit code are those that it would have had.
 */
const muted = new WeakSet<object>();

/** Whether nobody reads this stream any more; for who has nothing to do but print. */
export function isMuted(stream: object): boolean {
  return muted.has(stream);
}

/** From the first broken pipe on, nothing is written to the stream. Other errors are thrown. */
export function muteWhenClosed(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    muted.add(stream);
    stream.write = () => true;
  });
}
