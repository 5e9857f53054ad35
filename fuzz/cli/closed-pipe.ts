/**
 * A reader of the output that went away (`| head`) is no error: nothing more is printed, and the verb goes on to its
 * end, so that what it leaves on disk and its exit code are those that it would have had.
 */
const closed = new WeakSet<object>();

/** Whether the reader of this stream is gone: a verb that only prints can stop then. */
export function isClosed(stream: object): boolean {
  return closed.has(stream);
}

/** From the first broken pipe on, nothing is written to the stream. Other errors are thrown. */
export function stopWhenClosed(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed.add(stream);
    stream.write = () => true;
  });
}
