import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The tag of the image in the layout. */
export const LAYOUT_TAG = "made";

/**
 * Writes the smallest image, one layer in the OCI image layout, and returns its folder. `content` is all that is
 * in its layer, so that images of different content share no blob but by a mount.
 */
export function writeImageLayout(folder: string, content: string): string {
  const layout = join(folder, `image-${createHash("sha256").update(content).digest("hex").slice(0, 12)}`);
  const blobs = join(layout, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const blob = (bytes: Buffer, mediaType: string) => {
    const hash = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(blobs, hash), bytes);
    return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
  };
  const json = (value: object, mediaType: string) => blob(Buffer.from(JSON.stringify(value)), mediaType);
  const layer = blob(tarOf("content", content), "application/vnd.oci.image.layer.v1.tar");
  const config = json(
    { architecture: "amd64", os: "linux", config: {}, rootfs: { type: "layers", diff_ids: [layer.digest] } },
    "application/vnd.oci.image.config.v1+json",
  );
  const manifest = json(
    { schemaVersion: 2, config, layers: [layer] },
    "application/vnd.oci.image.manifest.v1+json",
  );
  const tagged = { ...manifest, annotations: { "org.opencontainers.image.ref.name": LAYOUT_TAG } };
  writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [tagged] }));
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  return layout;
}

/** A tar archive (POSIX ustar) of one file of at most 512 bytes. */
function tarOf(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${Buffer.byteLength(content).toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        0", 148);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const body = Buffer.alloc(512);
  body.write(content);
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
}
