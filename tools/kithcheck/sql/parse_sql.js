// Reads a JSON array of SQL texts; writes an array with, for each, the syntax
// trees of its statements, or what the parser says. Apache DataFusion's parser.
const parser = require('@guanmingchiu/sqlparser-ts');

function parse(text) {
  try {
    return {statements: parser.parse(text, 'mysql')};
  } catch (error) {
    return {error: error.message};
  }
}

async function main() {
  await parser.init();
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const texts = JSON.parse(Buffer.concat(chunks).toString());
  // A variant without arguments is a key whose value JSON would leave out.
  process.stdout.write(JSON.stringify(
      texts.map(parse), (key, value) => value === undefined ? null : value));
}

main();
