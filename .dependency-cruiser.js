/** A lib may use those above it in this list, and none below. One order for all, so that nobody has to ask. */
const ORDER = [
  ['kernel', 'names what every lib speaks of (actor, clock, refusal) and knows no domain noun'],
  ['database', 'opens transactions for work it knows nothing about'],
  ['jobs', 'writes jobs that carry ids only, whatever the ids are of'],
  ['history', 'records who did what to which thing, by name and id'],
  ['mail', 'sends what it is handed; what a mail says is decided by the lib that causes it'],
  ['webhooks', 'delivers what it is handed'],
  ['identity', 'knows people and how they sign in, not what they belong to'],
  ['groups', 'decides who may do what, and is asked by everything below'],
  ['events', 'holds what is planned, whoever comes'],
  ['calendar', 'draws events; a feed never changes one'],
  ['registration', 'takes seats in events, and changes events together with the seats in them'],
  ['attendance', 'records who was there, of those whom registration knows'],
  ['followups', 'writes to people by what happened to their registration'],
  ['impact', 'counts what registrations and feedback left behind'],
  ['privacy', 'exports and erases what all others hold'],
  ['schema', 'lists every entity and migration'],
];

const names = ORDER.map(([name]) => name);

const order = ORDER.slice(0, -1).map(([name, reason], place) => ({
  name: `${name}-only-uses-libs-before-it`,
  comment: `${name} ${reason}. If it needs a later lib, the use case belongs in that later lib.`,
  severity: 'error',
  from: { path: `^libs/${name}/` },
  to: { path: `^libs/(${names.slice(place + 1).join('|')})/` },
}));

const forbidden = [
  ...order,
  {
    name: 'every-lib-has-its-place',
    comment: 'A new lib is put into the order above first.',
    severity: 'error',
    from: { path: `^libs/(?!(${names.join('|')})/)` },
    to: {},
  },
  {
    name: 'libs-do-not-know-apps',
    comment: 'A lib provides services and edges; apps mount them.',
    severity: 'error',
    from: { path: '^libs/' },
    to: { path: '^apps/' },
  },
  {
    name: 'libs-have-one-door',
    comment: "Another lib is imported as '#lib'. Its inside may then change without asking anyone.",
    severity: 'error',
    from: { path: '^libs/([^/]+)/' },
    to: { path: '^libs/(?!$1/)', pathNot: '^libs/[^/]+/src/index\\.ts$' },
  },
  {
    name: 'apps-use-the-door-too',
    comment: "An app imports a lib as '#lib'.",
    severity: 'error',
    from: { path: '^apps/' },
    to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
  },
  {
    name: 'no-way-around-the-door',
    comment: "The path to another lib's index.ts is written '#lib', so that node, tsc and Jest agree on what it means.",
    severity: 'error',
    from: { path: '^(libs|apps)/([^/]+)/' },
    to: { path: '^libs/(?!$2/)', dependencyTypesNot: ['aliased-subpath-import'] },
  },
  {
    name: 'web-is-a-client',
    comment: 'The web app knows the GraphQL API and nothing else of the server.',
    severity: 'error',
    from: { path: '^apps/web/' },
    to: { path: '^(libs|apps/(?!web/))' },
  },
  {
    name: 'apps-do-not-know-each-other',
    comment: 'Only standalone runs the others in its own process.',
    severity: 'error',
    from: { path: '^apps/([^/]+)/', pathNot: '^apps/standalone/' },
    to: { path: '^apps/(?!$1/)' },
  },
  {
    name: 'product-does-not-know-tests',
    comment: 'What only tests and benches need never reaches a server.',
    severity: 'error',
    from: { path: '^(libs|apps)/', pathNot: '\\.spec\\.tsx?$' },
    to: { path: '^(test|bench)/|\\.spec\\.tsx?$' },
  },
  {
    name: 'no-development-package-in-the-product',
    comment: 'The image is installed without devDependencies.',
    severity: 'error',
    from: { path: '^(libs|apps)/', pathNot: '\\.spec\\.tsx?$|vite\\.config|codegen' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
  },
  {
    name: 'no-circular',
    comment: "Modules that import each other die in ESM with `Cannot access 'A' before initialization`.",
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolvable',
    comment: 'An import that leads nowhere.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
