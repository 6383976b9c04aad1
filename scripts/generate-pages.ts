/** Every page that is made from something else: `npm run docs`, or with `-- --check` a look whether they still stand. */
import "./generate-docs.ts";
import "./generate-attacks.ts";
import "./generate-command-line.ts";
