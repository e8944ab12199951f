// The path of the program `amazon-music`, for `child_process.spawn`. It is in the package of this platform, which
// npm chooses among the optional dependencies.
'use strict';

const name = `amazon-music-cli-${process.platform}-${process.arch}`;

function find() {
  try {
    return require.resolve(`${name}/amazon-music${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    const { version } = require('./package.json');
    throw new Error(`the package ${name} ${version} is missing: install it beside amazon-music-cli, without --omit=optional`);
  }
}

module.exports = find();
