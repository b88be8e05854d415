type Words = Readonly<Record<string, string>>;

const UNREADABLE: Words = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
};

const UNWRITABLE: Words = {
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "it is a folder",
  EACCES: "it may not be written",
  EROFS: "the file system is read-only",
  ENOSPC: "there is no space left",
};

/** Why a file could not be read, in words: what Node says of an error that is not among the usual ones. */
export function whyUnreadable(error: unknown): string {
  return inWords(error, UNREADABLE);
}

/** Why a file could not be written, as `whyUnreadable`. */
export function whyUnwritable(error: unknown): string {
  return inWords(error, UNWRITABLE);
}

function inWords(error: unknown, words: Words): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return words[code] ?? message;
}
