/**
 * The layers of DESIGN, checked: contract ← kit ← channels, platforms ← relay ← features ← http ← main, cli.
 * A module may import from its own layer and from those to its left.
 */
const layers = ['contract', 'kit', 'channels|platforms', 'db|ops', 'relay', 'features', 'http'];

const above = layers.slice(0, -1).map((layer, i) => ({
  name: `no-import-upwards-from-${layer.replace('|', '-and-')}`,
  comment: 'A layer must not know the ones built on it.',
  severity: 'error',
  from: { path: `^src/(${layer})/`, pathNot: '\\.test\\.ts$' },
  to: { path: `^src/(${layers.slice(i + 1).join('|')}|cli|sandbox|main\\.ts)(/|$)` },
}));

module.exports = {
  forbidden: [
    ...above,
    {
      name: 'contract-imports-nothing',
      severity: 'error',
      from: { path: '^src/contract/' },
      to: { pathNot: '^(src/contract/|node_modules/zod)' },
    },
    {
      name: 'adapters-do-not-know-each-other',
      comment: 'A channel or platform is one folder; what two of them share belongs in kit.',
      severity: 'error',
      from: { path: '^src/(channels|platforms)/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(channels|platforms)/[^/]+/', pathNot: '^src/$1/$2/' },
    },
    {
      name: 'adapters-only-translate',
      comment: 'No database, queue, clock or operations in an adapter: the relay owns them.',
      severity: 'error',
      from: { path: '^src/(channels|platforms)/[^/]+/', pathNot: '(\\.test|/testing)\\.ts$' },
      to: { path: '^(src/(db|ops)/|node_modules/(pg|kysely|pg-boss|pino|fastify)/)' },
    },
    {
      name: 'pure-verify-and-normalise',
      comment: 'What proves and understands a webhook reaches nothing but contract, kit and its own folder.',
      severity: 'error',
      from: { path: '^src/(channels|platforms)/[^/]+/(verify|normalise)\\.ts$' },
      to: { pathNot: '^(src/(contract|kit|channels|platforms)/|node:|node_modules/(zod|htmlparser2)/|crypto$|buffer$)' },
    },
    {
      name: 'the-sandbox-shares-no-mistakes',
      comment: 'The doubles play the vendors; were they to use our adapters, both would be wrong in the same way.',
      severity: 'error',
      from: { path: '^src/sandbox/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(contract|channels|platforms|relay|features|http|db|cli|main\\.ts)' },
    },
    { name: 'no-circles', severity: 'error', from: { path: '^src/' }, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/', pathNot: '\\.(test|d)\\.ts$' }, to: {} },
    {
      name: 'no-test-support-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
