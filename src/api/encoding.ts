const encoded = new WeakMap<object, Buffer>();

/**
 * The JSON of an object, made once and shared by get, list, watch and disk: objects are immutable, so one version has
 * one encoding. The buffer must not be changed.
 */
export function encodeObject(object: object): Buffer {
  let bytes = encoded.get(object);
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(object));
    encoded.set(object, bytes);
  }
  return bytes;
}
