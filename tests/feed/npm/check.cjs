// Says what the official parser makes of AsyncAPI documents: one line of JSON for each.
const { readFileSync } = require("node:fs");
const { Parser } = require("@asyncapi/parser");

async function main() {
  const parser = new Parser();
  for (const path of process.argv.slice(2)) {
    const { document, diagnostics } = await parser.parse(
      readFileSync(path, "utf8"),
      { source: path }, // From where it refers to other files.
    );
    const said = {
      valid: document !== undefined,
      version: document?.version(),
      channels: document?.allChannels().all().map((one) => one.id()),
      messages: document?.allMessages().all().length,
      diagnostics: diagnostics.map(({ severity, code, message, path }) => ({
        severity,
        code,
        message,
        path: path.join("."),
      })),
    };
    console.log(JSON.stringify(said));
  }
}

main();
