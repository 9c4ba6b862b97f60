// Prints as JSON what junit2json reads from a JUnit XML file.
import { readFileSync } from "node:fs";
import { parse } from "junit2json";

console.log(JSON.stringify(await parse(readFileSync(process.argv[2], "utf8"))));
