import * as z from "zod";
import { ROLES } from "../../domain/access/permission.ts";

/** A permission as it stands: with its registry named. */
export const shownPermissionSchema = z
  .object({ registry: z.string(), repository: z.string(), role: z.enum(ROLES) })
  .meta({ id: "Permission" });

export const PERMISSION_EXAMPLE = {
  registry: "registry.example.com",
  repository: "acme/app",
  role: "write",
} as const;
