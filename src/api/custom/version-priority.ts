const VERSION = /^v([1-9]\d{0,8})(?:(alpha|beta)([1-9]\d{0,8}))?$/;
const STAGES = ["alpha", "beta", undefined];

/**
 * Compares names of versions as Kubernetes does to find the preferred one: v10, v2, v1, v11beta2, v3beta1, v2alpha1,
 * then all others by the alphabet.
 */
export function byPriority(left: string, right: string): number {
  const [a, b] = [VERSION.exec(left), VERSION.exec(right)];
  if (a === null || b === null) {
    if (a === null && b === null) return left < right ? -1 : left > right ? 1 : 0;
    return a === null ? 1 : -1;
  }
  return (
    STAGES.indexOf(b[2]) - STAGES.indexOf(a[2]) ||
    Number(b[1]) - Number(a[1]) ||
    Number(b[3] ?? 0) - Number(a[3] ?? 0)
  );
}
