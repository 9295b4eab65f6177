// What a person did or has that the desk cannot work with, as one sentence that names what and where. Printed as it is,
// without a stack trace.

export class DeskError extends Error {}

const FILE_REASONS: Record<string, string> = {
  ENOENT: "there is no such file or directory",
  EEXIST: "it is there and no directory",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of its path is no directory",
  EACCES: "access is denied",
  EPERM: "access is denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
};

/** Why a file could not be read or written, as the end of a sentence. */
export function describeFileError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return FILE_REASONS[code ?? ""] ?? message;
}
