/** Ends every run with one line that people and programs can rely on: `N passed, N failed`. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    // A file that does not even load has no tests that could fail; it counts as one failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    // Jest's own summary goes to stderr a moment later than this hook; the line has to come after it.
    process.once('exit', () => process.stdout.write(`${results.numPassedTests} passed, ${failed} failed\n`));
  }
}
