// SPDX-License-Identifier: MIT
// node weaken_version.cjs LIBRARY VERSION: marks the need of that version of another library as weak
// (VER_FLG_WEAK of the ELF gABI), so that the dynamic linker loads this one without it.
'use strict';
const fs = require('node:fs');

const SECTION_OF_NEEDS = 0x6ffffffe;
const WEAK = 2;

const [, , library, version] = process.argv;
const elf = fs.readFileSync(library);
const offset = (at) => Number(elf.readBigUInt64LE(at));
const section = (index) => {
  const at = offset(0x28) + index * elf.readUInt16LE(0x3a);
  return { type: elf.readUInt32LE(at + 4), start: offset(at + 24), link: elf.readUInt32LE(at + 40) };
};
const textAt = (start) => elf.toString('latin1', start, elf.indexOf(0, start));

// Each needed library has a chain of its versions; `next` is how far on, and 0 at the end.
function* chain(start, next) {
  for (let at = start, step = -1; step !== 0; at += step) {
    yield at;
    step = elf.readUInt32LE(at + next);
  }
}

let found = false;
for (let index = 0; index < elf.readUInt16LE(0x3c); ++index) {
  const { type, start, link } = section(index);
  if (type !== SECTION_OF_NEEDS) continue;
  const names = section(link).start;
  for (const needed of chain(start, 12)) {
    for (const one of chain(needed + elf.readUInt32LE(needed + 8), 12)) {
      if (textAt(names + elf.readUInt32LE(one + 8)) !== version) continue;
      elf.writeUInt16LE(elf.readUInt16LE(one + 4) | WEAK, one + 4);
      found = true;
    }
  }
}
if (!found) {
  console.error(`${library} does not need ${version}`);
  process.exit(1);
}
fs.writeFileSync(library, elf);
