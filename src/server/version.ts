/** The Kubernetes release whose behaviour is served; kubectl warns when it is more than one minor away. */
const KUBERNETES_VERSION = { major: "1", minor: "33" } as const;

/** `/version`: a Kubernetes version, with kubesim's own behind the plus. */
export function versionDocument(version: string): object {
  const { major, minor } = KUBERNETES_VERSION;
  return {
    major,
    minor,
    gitVersion: `v${major}.${minor}.0+kubesim-${version}`,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "none",
    compiler: "kubesim",
    platform: `${process.platform === "win32" ? "windows" : process.platform}/${goArchitecture()}`,
  };
}

/** Clients know Go's names of processors. */
function goArchitecture(): string {
  return process.arch === "x64" ? "amd64" : process.arch;
}
