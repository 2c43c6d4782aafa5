// A block copied from a spreadsheet: cells parted by tabs, rows by line breaks; quoted cells may hold either.
"use strict";

const takeBlock = (text) => {
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/gy;
  const block = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let match; (match = pattern.exec(block)); ) {
    rows.at(-1).push((match[1]?.replaceAll('""', '"') ?? match[2]).trim());
    if (match[3] === "\n") rows.push([]);
    else if (match[3] === "") break;
  }
  return rows;
};
