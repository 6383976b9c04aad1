/** A registry as people name it, and as the container tools file its login. */
export interface RegistryName {
  /** Where it is reached: host, and port if it has one. */
  readonly host: string;
  /** Its name in `auths`, and what a credential helper is asked for. */
  readonly key: string;
}

/** Docker Hub is filed under the URL of a registry that is long gone. */
const DOCKER_HUB: RegistryName = { host: "registry-1.docker.io", key: "https://index.docker.io/v1/" };
const DOCKER_HUB_NAMES = ["docker.io", "index.docker.io", "registry-1.docker.io"];

const NAME = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;
const MAX_LENGTH = 260;

/** `registry.example.com:5000`, or a name of Docker Hub; undefined for a URL, a path, or anything else. */
export function parseRegistryName(text: string): RegistryName | undefined {
  const name = text.toLowerCase();
  if (name === DOCKER_HUB.key || DOCKER_HUB_NAMES.includes(name)) return DOCKER_HUB;
  return name.length <= MAX_LENGTH && NAME.test(name) ? { host: name, key: name } : undefined;
}

/** The registry that a tool asks a credential helper for: `docker login https://HOST/` files the name as it was typed. */
export function registryOfKey(key: string): RegistryName | undefined {
  return parseRegistryName(key) ?? parseRegistryName(key.replace(/^https?:\/\//i, "").replace(/\/$/, ""));
}
