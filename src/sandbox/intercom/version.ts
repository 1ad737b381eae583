/** API versions the vendor knows, as the `Intercom-Version` header names them. */
const known = /^(1\.\d|2\.([0-9]|1[0-6])|Preview|Unstable)$/;

export function isVersion(version: string): boolean {
  return known.test(version);
}

/** Compares numbered versions; those without a number are the newest. */
export function atLeast(version: string, minimum: `${number}.${number}`): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (Number.isNaN(major)) return true;
  const [wantedMajor = 0, wantedMinor = 0] = minimum.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
