const passedOn = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];

/** What PostgreSQL's programs are given of our environment: nothing that could hold a secret. Their messages are English. */
export function childEnvironment(): Record<string, string> {
  const kept = passedOn.flatMap(name => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}
