// Lints openapi/browse.yaml with both linters.
import { redocly, spectral } from './tools.mjs';

const file = 'openapi/browse.yaml';
const results = await Promise.all([redocly(file), spectral(file)]);
for (const [index, name] of ['redocly', 'spectral'].entries()) {
  const { code, output, errors } = results[index];
  if (code === 0) {
    console.log(`${name}: no findings in ${file}`);
  } else {
    console.log(`${name}:\n${output}${errors}`);
    process.exitCode = 1;
  }
}
