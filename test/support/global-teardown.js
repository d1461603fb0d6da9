export default async function teardown() {
  await globalThis.goodturnTestServer?.stop();
}
