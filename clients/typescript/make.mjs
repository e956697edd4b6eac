/** Makes api.d.ts of docs/openapi.json, and writes down of which (tests compare the digest). */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const source = new URL("../../docs/openapi.json", import.meta.url);
const document = await readFile(source);
const digest = createHash("sha256").update(document).digest("hex");
const head = `/* Made by "make client" of docs/openapi.json, sha256 ${digest}. */\n\n`;
const types = astToString(await openapi(JSON.parse(document.toString()), { alphabetize: true }));
await writeFile(new URL("api.d.ts", import.meta.url), head + types);
