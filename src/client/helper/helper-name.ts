/** As Docker's `credHelpers` name it: the program is `docker-credential-berth`. */
export const HELPER = "berth";
export const HELPER_PROGRAM = `docker-credential-${HELPER}`;
