import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** A real browser without a window. On Linux it is the Chromium that npm brings along, elsewhere the installed Chrome. */
export async function openBrowser(): Promise<Browser> {
  if (process.platform !== 'linux') return chromium.launch({ channel: 'chrome' });
  const folder = await unpackedChromium();
  const executablePath = join(folder, 'chromium');
  const { stdout: libraries } = await run('ldd', [executablePath]);
  return chromium.launch({
    executablePath,
    // Tests also run as root and in containers, where there is no sandbox, and `/dev/shm` may hold 64 MB only.
    // The package's own flags are made for AWS Lambda: they would put all pages into one process and switch web security off.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    env: {
      ...process.env,
      // What the package brings for machines that lack it; those of the machine fit the machine better.
      ...(libraries.includes('not found') && { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }),
      ...(!existsSync('/etc/fonts/fonts.conf') && { FONTCONFIG_PATH: join(folder, 'fonts') }),
    },
  });
}

/**
 * The folder that Chromium is unpacked into, once per user and version. The package unpacks into the folder for temporary
 * files, and takes a file that somebody else is still writing, or may not read, for a finished one. So each of us unpacks
 * into a folder of its own, and who comes first gives it the name that the others look for.
 */
async function unpackedChromium(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder(), 'package.json'), 'utf8')) as { version: string };
  const shared = join(tmpdir(), `goodturn-chromium-${version}-${userInfo().uid}`);
  if (existsSync(shared)) return shared;
  const own = await mkdtemp(`${shared}-`);
  // In a process of its own: the package asks the environment where to unpack, and ours belongs to all tests.
  await run(
    process.execPath,
    ['--input-type=module', '--eval', `import c from '@sparticuz/chromium'; await c.executablePath();`],
    { cwd: packageFolder(), env: { ...process.env, TMPDIR: own, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' } },
  );
  try {
    await rename(own, shared);
  } catch (error) {
    if (!existsSync(shared)) throw error;
    await rm(own, { recursive: true });
  }
  return shared;
}

function packageFolder(): string {
  return join(require.resolve('@sparticuz/chromium'), '..', '..', '..');
}

/** What keeps people from using the page, by axe-core's rules for WCAG 2.2 AA; empty when nothing does. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (o: object) => Promise<{ violations: Violation[] }> } };
    interface Violation {
      id: string;
      help: string;
      nodes: { html: string }[];
    }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' ')}`);
  });
}
