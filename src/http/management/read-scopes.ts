import { type ApiScope, READING_SCOPES } from "../../domain/access/api-scope.ts";

/** Whoever may write something of a namespace may read what is in it. */
export const READ_SCOPES: readonly ApiScope[] = READING_SCOPES;
