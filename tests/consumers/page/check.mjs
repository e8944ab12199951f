// The sandbox's reference page in headless Chromium, which reaches nothing but loopback: it is rendered,
// shows every operation of the spec, sends a request that succeeds, and writes no error to the console.
import assert from 'node:assert/strict';
import { withBrowser } from './browser.mjs';

const [url, executablePath, screenshot] = process.argv.slice(2);
await withBrowser(executablePath, async (browser) => {
  const outside = [];
  await browser.route('**', (route) => {
    const { hostname, protocol } = new URL(route.request().url());
    if (hostname === '127.0.0.1' || protocol === 'data:') return route.continue();
    outside.push(route.request().url());
    return route.abort();
  });
  const page = await browser.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));

  await page.goto(url, { waitUntil: 'networkidle' });
  await page.waitForSelector('.swagger-ui .info .title');
  assert.match(await page.textContent('.swagger-ui .info .title'), /Amazon Music Web API - Browse/);
  const operations = await page.locator('.opblock').count();
  const spec = await (await fetch(new URL('/openapi.json', url))).json();
  assert.equal(operations, Object.keys(spec.paths).length);

  const first = page.locator('.opblock', { hasText: '/browse/tracks/top' });
  await first.locator('.opblock-summary').click();
  await first.locator('.execute').click();
  const response = first.locator('.live-responses-table');
  await response.waitFor();
  assert.match(await response.locator('tbody .response-col_status').first().textContent(), /200/);
  const body = await response.locator('.highlight-code').first().textContent();
  assert.match(body, /Heat Waves/);
  const curl = await first.locator('.curl-command').textContent();
  if (screenshot) await page.screenshot({ path: screenshot });

  assert.match(curl, /Authorization: Bearer/);
  assert.match(curl, /x-api-key/);
  assert.deepEqual(errors, []);
  assert.deepEqual(outside, []);
  console.log(`page: ${operations} operations, one request with status 200, no request to other hosts, no error`);
});
