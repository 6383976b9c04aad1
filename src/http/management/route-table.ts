import { OWN_ROUTES } from "./own-routes.ts";
import { QUAY_ROUTES } from "./quay/quay-routes.ts";
import type { ManagementRoute } from "./route-definition.ts";

/** Every route of the management API: the router, the document and the authorization matrix are made from it. */
export const MANAGEMENT_ROUTES: readonly ManagementRoute[] = [...OWN_ROUTES, ...QUAY_ROUTES];
