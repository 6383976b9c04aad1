/**
 * The runtime's module, by those types of @cloudflare/workers-types that are imported: its global ones would take the
 * names of Node's (`fetch`, `CryptoKey`), which all other files are checked with.
 */
declare module "cloudflare:workers" {
  import { CloudflareWorkersModule } from "@cloudflare/workers-types";

  export import DurableObject = CloudflareWorkersModule.DurableObject;
}
