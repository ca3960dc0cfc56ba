// Prints what the standard's own parser finds in the document on standard input, as JSON.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf-8"));
const operations = document ? document.operations().all().map((operation) => operation.id()) : [];
console.log(JSON.stringify({ operations, diagnostics }));
