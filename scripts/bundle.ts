/** What is installed elsewhere, as single files: `npm run bundle`, or with `-- --check` a look whether they still stand. */
await import("./bundle-action.ts");
await import("./bundle-client.ts");
