#!/usr/bin/env node
// Written in old syntax on purpose, without `node:` imports: an old Node must get as far as the version check and say
// what is wrong, instead of stopping at something it cannot read. Everything newer is loaded after the check.
import { existsSync } from 'fs';
import module from 'module';
import { fileURLToPath } from 'url';

const CANNOT_RUN = 2;

const isSupported = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return (major === 22 && minor >= 18) || major >= 24;
};

const exists = (relative) => existsSync(fileURLToPath(new URL(relative, import.meta.url)));

const explainVersion = () => {
  console.error(`holdfast: this is Node ${process.versions.node} (${process.execPath}).`);
  console.error('holdfast needs Node 24 or later, or 22.18 or a later 22.');
  if (exists('../src/main.ts')) {
    console.error('In this repository use `npm run check` or `npm run holdfast -- <arguments>`:');
    console.error('npm scripts run on the Node 24 that `npm ci` installs.');
  } else {
    console.error('Install Node 24, or put it first in PATH, and run the command again.');
  }
};

if (isSupported(process.versions.node)) {
  // what has been compiled once is not compiled again: half of the time that it takes to start
  module.enableCompileCache();
  // A checkout has src/, which Node runs without a build and which is never older than dist/; a package has only dist/.
  import(exists('../src/main.ts') ? '../src/main.ts' : '../dist/main.js').catch((error) => {
    console.error(error);
    process.exitCode = CANNOT_RUN;
  });
} else {
  explainVersion();
  process.exitCode = CANNOT_RUN;
}
